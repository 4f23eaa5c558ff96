"""Evaluations and gates as nights live through them: slices, thresholds, used-up gate nights."""

from flows.accept import accept
from flows.retrain import retrain
from schemas.judgement import Judgement
from tasks.engine.replay.reproduce import reproduce
from tests.building.fixtures import GROWN, SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World

GATES = (
    "gates=(NotWorse(), Better(), BeatsPrior(), MetricNotWorse(metric='recall'), SaneScores(),"
    " SlicesUnharmed(), SteadyPredictions(maximum=0.9), Calibrated(maximum=0.4),"
    " SmallEnough(bytes=10**6), FreshHoldout(max_challengers=2))"
)


def _live_on(world: World, arguments: str) -> Judgement:
    """The refresh of a young world under another project file."""
    world.declare(arguments)
    for number in range(YOUNG + 1, SERVED + 1):
        world.live(number)
    return world.judgements()[-1]


def test_a_refresh_is_evaluated_by_slice_and_each_gate_says_its_own(young: World) -> None:
    judged = _live_on(young, f"slices=('shop',), threshold=0.4, {GATES}")
    assert judged.outcome == "passed"
    said = [verdict.gate for verdict in judged.verdicts]
    assert said == [
        *("not_worse", "not_worse_recall", "sane_scores", "slices_unharmed"),
        *("steady_predictions", "calibrated", "small_enough"),
    ]
    assert judged.sentence.endswith("; 4 more gates passed.")
    assert judged.contest is not None
    evaluation = judged.contest.evaluation
    assert evaluation is not None
    assert (evaluation.nights, evaluation.threshold) == (6, 0.4)
    assert evaluation.rows == sum(night.rows for night in judged.contest.nights)
    assert sorted(one.word or "" for one in evaluation.slices) == ["east", "north", "south"]
    assert reproduce(young.store, young.project).differences == ()


def test_an_evaluation_leaves_every_other_field_as_it_was(young: World) -> None:
    [first] = young.judgements()
    assert first.contest is not None
    assert first.contest.evaluation is not None
    auc = first.contest.evaluation.find("auc")
    assert auc is not None
    assert auc.challenger.value == first.contest.metrics["auc"]
    assert auc.rival is None
    assert first.contest.judged_before == 0


def test_gate_nights_of_one_class_decide_by_loss_and_say_what_is_missing(young: World) -> None:
    young.declare("gates=(NotWorse(), MetricNotWorse(metric='auc'))")
    for number in range(YOUNG + 1, SERVED + 8):
        young.deliver(number)
        labels = build_labels(number - 1, build_orders(number - 1))
        young.label(number - 1, labels.assign(returned=0))
        young.night(number)
    judged = young.judgements()[-1]
    assert judged.outcome == "undecided"
    assert "auc cannot be computed" in judged.sentence
    assert "no row of that class" in judged.sentence


def test_gate_nights_that_judged_many_recipes_refuse_the_next(young: World) -> None:
    for rounds in (6, 7, 8, 9):
        young.declare(f"rounds={rounds}, {GATES}, slices=('shop',)")
        retrain.fn(NAME, day(YOUNG))
    judged = [judgement for judgement in young.judgements() if judgement.contest]
    counts = [one.contest.judged_before for one in judged if one.contest]
    assert counts == [0, 1, 2, 3, 4]
    refusing = [
        [verdict.gate for verdict in one.verdicts if verdict.outcome == "refused"] for one in judged
    ]
    assert ["fresh_holdout" in gates for gates in refusing] == [False, False, False, True, True]


def test_an_open_fault_among_the_newest_nights_holds_a_retrain_back_until_it_is_accepted(
    grown: World,
) -> None:
    grown.declare("gates=(NoOpenFaults(), BeatsPrior())")
    for number in (GROWN + 1, GROWN + 2):
        grown.live(number)
    grown.label(GROWN + 2)
    grown.deliver(GROWN + 3, build_orders(GROWN + 3).assign(wait=None))
    assert grown.night(GROWN + 3).evidence.faults
    retrain.fn(NAME, day(GROWN + 3))
    waiting = grown.judgements()[-1]
    assert waiting.outcome == "undecided"
    assert f"an open data fault since the first gate night: {day(GROWN + 3)}" in waiting.sentence
    accept.fn(NAME, day(GROWN + 3), "it is right", "ann")
    retrain.fn(NAME, day(GROWN + 3))
    assert grown.judgements()[-1].outcome == "passed"
