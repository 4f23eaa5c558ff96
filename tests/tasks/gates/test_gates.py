"""One table of all gates: each refuses for its own reason and passes otherwise; all are pure."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

import tasks.gates
from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.approval import Approval
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.better import Better
from tasks.gates.calibrated import Calibrated
from tasks.gates.fresh_holdout import FreshHoldout
from tasks.gates.metric_better import MetricBetter
from tasks.gates.metric_floor import MetricFloor
from tasks.gates.metric_not_worse import MetricNotWorse
from tasks.gates.not_worse import NotWorse
from tasks.gates.sane_scores import SaneScores
from tasks.gates.slices_unharmed import SlicesUnharmed
from tasks.gates.small_enough import SmallEnough
from tasks.gates.steady_predictions import SteadyPredictions
from tests.building.project import build_project
from tests.contracts.found import find_kinds
from tests.tasks.gates.contests import build_contest


@dataclass(frozen=True)
class Row:
    """A gate with a contest that it passes and one that it does not, and the reason it gives."""

    gate: Gate
    passes: Contest
    refuses: Contest
    reason: str
    outcome: str = "refused"


def _to(value: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda scores: np.full_like(scores, value)


def _halve(scores: np.ndarray) -> np.ndarray:
    return scores / 2


def _row(gate: Gate, reason: str, passes: Contest, refuses: Contest) -> Row:
    return Row(gate, passes, refuses, reason)


def _rows() -> list[Row]:
    same, better = build_contest(), build_contest(noise=0.1)
    one_shop = build_contest(harmed="north")
    constant, halved = build_contest(scores=_to(0.5)), build_contest(scores=_halve)
    return [
        Row(Approval(), build_contest(approved="ann: better"), same, "a person has to", "waiting"),
        _row(
            BeatsPrior(),
            "not better than the constant",
            build_contest("first"),
            build_contest("first", scores=_to(0.5)),
        ),
        _row(Better(), "not proven better than the incumbent recipe: gain", better, same),
        _row(Calibrated(), "scores are off by 0.2", same, halved),
        _row(
            FreshHoldout(), "has judged 11 other challengers", same, build_contest(judged_before=11)
        ),
        _row(MetricBetter(metric="auc"), "auc not proven better", better, same),
        _row(MetricFloor(metric="recall", minimum=0.5), "recall 0.", same, halved),
        _row(
            MetricNotWorse(metric="auc"),
            "auc worse than the rival's",
            build_contest("refresh"),
            build_contest("refresh", harmed="north"),
        ),
        _row(
            NotWorse(),
            "worse than the stand-in",
            build_contest("refresh"),
            build_contest("refresh", harmed="north"),
        ),
        _row(SaneScores(), "100.0% of rows have one and the same score", same, constant),
        _row(SlicesUnharmed(), "worse in 1 of 3 slices: shop north", same, one_shop),
        _row(SmallEnough(bytes=5_000), "5,001 bytes", same, build_contest(challenger_bytes=5_001)),
        _row(SteadyPredictions(maximum=0.3), "of the scores lie otherwise", same, halved),
    ]


ROWS = _rows()


def _says(gate: Gate, contest: Contest) -> Verdict:
    said = gate.judge(contest)
    assert said is not None
    assert gate.judge(contest) == said
    return said


def test_the_table_has_every_gate() -> None:
    assert [type(row.gate) for row in ROWS] == sorted(
        find_kinds(tasks.gates, Gate), key=lambda kind: kind.__name__
    )


@pytest.mark.parametrize("row", ROWS, ids=[row.gate.kind for row in ROWS])
def test_each_gate_refuses_for_its_own_reason_and_passes_otherwise(row: Row) -> None:
    passed, refused = _says(row.gate, row.passes), _says(row.gate, row.refuses)
    assert (passed.outcome, refused.outcome) == ("passed", row.outcome)
    assert row.reason in refused.sentence
    assert passed.gate == refused.gate
    assert refused.limits.keys() <= refused.numbers.keys()


@pytest.mark.parametrize("row", ROWS, ids=[row.gate.kind for row in ROWS])
def test_no_other_gate_gives_that_reason(row: Row) -> None:
    for other in ROWS:
        said = other.gate.judge(row.refuses)
        assert other is row or said is None or row.reason not in said.sentence


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
    said = _says(gate, build_contest(evaluation=None))
    assert (said.outcome, said.nights_needed) == ("undecided", 1)


@pytest.mark.parametrize("gate", MEASURED[:5], ids=[gate.kind for gate in MEASURED[:5]])
def test_two_nights_are_no_evidence(gate: Gate) -> None:
    assert _says(gate, build_contest(nights=2)).outcome == "undecided"


@pytest.mark.parametrize(
    ("gate", "kind"),
    [
        (MetricBetter(metric="auc"), "refresh"),
        (MetricFloor(metric="auc", minimum=1), "refresh"),
        (FreshHoldout(), "refresh"),
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
    assert _says(plain, contest).outcome == "passed"
    sure = _says(MetricFloor(metric="auc", minimum=just_below, confidence=0.95), contest)
    assert sure.outcome == "refused"
    assert sure.numbers["lower"] < just_below


def test_a_margin_is_what_a_change_must_gain_and_a_metric_may_lose() -> None:
    better = build_contest(noise=0.1)
    assert _says(MetricBetter(metric="log_loss"), better).outcome == "passed"
    assert _says(MetricBetter(metric="log_loss", margin=0.5), better).outcome == "refused"
    harmed = build_contest("refresh", harmed="north")
    assert _says(MetricNotWorse(metric="auc", margin=0.9), harmed).outcome == "passed"


def test_harm_in_one_of_many_slices_is_held_against_a_stricter_limit() -> None:
    said = _says(SlicesUnharmed(min_rows=NEVER), build_contest(harmed="north"))
    assert said.outcome == "undecided"
    assert _says(SlicesUnharmed(), build_contest()).numbers["slices"] == 3


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
