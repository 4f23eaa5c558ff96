"""Gates at their limits: no evidence, margins, other kinds of retrain, gates out of place."""

import pytest

from schemas.evaluation import TIME_OF_DAY
from schemas.memorisation import Memorised
from schemas.project import Gate
from tasks.gates.approval import Approval
from tasks.gates.beats_simplest import BeatsSimplest
from tasks.gates.better_or_simpler import BetterOrSimpler
from tasks.gates.calibrated import Calibrated
from tasks.gates.fresh_holdout import FreshHoldout
from tasks.gates.metric_better import MetricBetter
from tasks.gates.metric_floor import MetricFloor
from tasks.gates.metric_not_worse import MetricNotWorse
from tasks.gates.not_memorised import NotMemorised
from tasks.gates.slices_unharmed import SlicesUnharmed
from tasks.gates.steady_predictions import SteadyPredictions
from tests.building.project import build_project
from tests.tasks.gates.contests import build_contest, build_memorised, says

MEASURED = (
    MetricBetter(metric="auc"),
    MetricNotWorse(metric="auc"),
    MetricFloor(metric="auc", minimum=0.5, confidence=0.95),
    Calibrated(),
    SlicesUnharmed(),
    SteadyPredictions(),
)


@pytest.mark.parametrize("gate", MEASURED, ids=[gate.kind for gate in MEASURED])
def test_without_evidence_nobody_is_refused_or_let_through(gate: Gate) -> None:
    said = says(gate, build_contest(evaluation=None))
    assert (said.outcome, said.nights_needed) == ("undecided", 1)


@pytest.mark.parametrize("gate", MEASURED[:5], ids=[gate.kind for gate in MEASURED[:5]])
def test_two_nights_are_no_evidence(gate: Gate) -> None:
    assert says(gate, build_contest(nights=2)).outcome == "undecided"


@pytest.mark.parametrize(
    ("gate", "kind"),
    [
        (MetricBetter(metric="auc"), "refresh"),
        (MetricFloor(metric="auc", minimum=1), "refresh"),
        (FreshHoldout(), "refresh"),
        (NotMemorised(), "refresh"),
        (BeatsSimplest(), "refresh"),
        (BetterOrSimpler(), "refresh"),
        (MetricNotWorse(metric="auc"), "first"),
        (SlicesUnharmed(), "first"),
        (SteadyPredictions(), "first"),
        (Approval(), "refresh"),
        (Approval(on=("refresh",)), "change"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_a_gate_is_silent_where_it_has_nothing_to_say(gate: Gate, kind: str) -> None:
    assert gate.judge(build_contest(kind)) is None  # type: ignore[arg-type]  # of the ids above


def test_a_floor_counts_the_lower_end_of_the_interval_where_asked() -> None:
    contest = build_contest()
    auc = contest.evaluation and contest.evaluation.find("auc")
    assert auc
    just_below = auc.challenger.value - 1e-6
    plain = MetricFloor(metric="auc", minimum=just_below)
    assert says(plain, contest).outcome == "passed"
    sure = says(MetricFloor(metric="auc", minimum=just_below, confidence=0.95), contest)
    assert sure.outcome == "refused"
    assert sure.numbers["lower"] < just_below


def test_a_margin_is_what_a_change_must_gain_and_a_metric_may_lose() -> None:
    better = build_contest(noise=0.1)
    assert says(MetricBetter(metric="log_loss"), better).outcome == "passed"
    assert says(MetricBetter(metric="log_loss", margin=0.5), better).outcome == "refused"
    harmed = build_contest("refresh", harmed="north")
    assert says(MetricNotWorse(metric="auc", margin=0.9), harmed).outcome == "passed"


def test_harm_in_one_of_many_slices_is_held_against_a_stricter_limit() -> None:
    said = says(SlicesUnharmed(min_rows=NEVER), build_contest(harmed="north"))
    assert said.outcome == "undecided"
    assert says(SlicesUnharmed(), build_contest()).numbers["slices"] == 3


def test_a_time_of_day_is_told_and_harms_no_one() -> None:
    contest = build_contest(harmed="north")
    assert contest.evaluation
    told = [one.model_copy(update={"column": TIME_OF_DAY}) for one in contest.evaluation.slices]
    evaluation = contest.evaluation.model_copy(update={"slices": tuple(told)})
    assert says(SlicesUnharmed(), contest).outcome == "refused"
    hours = contest.model_copy(update={"evaluation": evaluation})
    assert says(SlicesUnharmed(), hours).outcome == "undecided"


NEVER = 1_000_000


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        (MetricBetter(metric="rmse"), "metric='rmse' is not computed for a binary task"),
        (MetricNotWorse(metric="f1"), "metric='f1'"),
        (MetricFloor(metric="mae", minimum=1), "metric='mae'"),
        (SlicesUnharmed(), "declare slices="),
    ],
    ids=["rmse", "f1", "mae", "slices"],
)
def test_a_project_whose_gate_could_never_judge_is_refused(gate: Gate, said: str) -> None:
    with pytest.raises(ValueError, match="(?s)" + said.replace("(", "[(]")):
        build_project(gates=(gate,))


@pytest.mark.parametrize(
    ("name", "said"),
    [("nope", "no column"), ("amount", "no words"), ("income", "no words"), ("returned", "no col")],
)
def test_slices_are_columns_of_words_that_may_be_shown(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build_project(slices=(name,))


def test_calibration_is_for_probabilities_alone() -> None:
    with pytest.raises(ValueError, match="calibration_error"):
        build_project(task="regression", gates=(Calibrated(),))


def test_a_simpler_family_that_keeps_the_gain_passes_and_one_as_complex_must_gain() -> None:
    gate = BetterOrSimpler(tolerance=0.2)
    assert says(gate, build_contest(noise=0.7, is_simpler=True)).outcome == "passed"
    assert says(gate, build_contest(noise=0.7)).outcome == "refused"
    assert says(gate, build_contest(noise=1.5, is_simpler=True)).outcome == "refused"
    assert says(gate, build_contest(noise=0.1)).outcome == "passed"


def test_memorising_takes_evidence_and_where_nothing_was_measured_nobody_passes() -> None:
    likely = build_contest(memorised=build_memorised(exposure=0.93))
    assert says(NotMemorised(), likely).outcome == "passed"
    sure = says(NotMemorised(), build_contest(memorised=build_memorised(exposure=0.97)))
    assert sure.outcome == "refused"
    assert "97% of another label on its own row is taken over" in sure.sentence
    assert says(NotMemorised(), build_contest(memorised=Memorised())).outcome == "undecided"
    assert NotMemorised().judge(build_contest(memorised=None)) is None


def test_where_nothing_is_simpler_there_is_nothing_to_beat() -> None:
    contest = build_contest("first")
    alone = [night.model_copy(update={"simplest": None}) for night in contest.nights]
    assert BeatsSimplest().judge(contest.model_copy(update={"nights": tuple(alone)})) is None
