"""One table of all gates and of each self-test: every one fails for its own reason alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

import tasks.gates
from schemas.judgement import Contest
from schemas.project import Gate
from schemas.self_test import Who
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.beats_simplest import BeatsSimplest
from tasks.gates.better import Better
from tasks.gates.better_or_simpler import BetterOrSimpler
from tasks.gates.calibrated import Calibrated
from tasks.gates.fresh_holdout import FreshHoldout
from tasks.gates.metric_better import MetricBetter
from tasks.gates.metric_floor import MetricFloor
from tasks.gates.metric_not_worse import MetricNotWorse
from tasks.gates.no_open_faults import NoOpenFaults
from tasks.gates.not_memorised import NotMemorised
from tasks.gates.not_worse import NotWorse
from tasks.gates.sane_scores import SaneScores
from tasks.gates.slices_unharmed import SlicesUnharmed
from tasks.gates.small_enough import SmallEnough
from tasks.gates.steady_predictions import SteadyPredictions
from tests.building.gates import PassGains
from tests.contracts.found import find_kinds
from tests.tasks.core.nights import day
from tests.tasks.gates.contests import build_contest, build_memorised, says
from tests.tasks.gates.trials import try_on


@dataclass(frozen=True)
class Row:
    """A gate with a contest that it passes and one that it refuses, and the reason it gives."""

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


def _first_rows() -> list[Row]:
    same, better = build_contest(), build_contest(noise=0.1)
    halved = build_contest(scores=_halve)
    return [
        _row(
            BeatsPrior(),
            "not better than the constant",
            build_contest("first"),
            build_contest("first", scores=_to(0.5)),
        ),
        _row(
            BeatsSimplest(),
            "not proven better than the simplest family",
            build_contest("first"),
            build_contest("first", simple=0.8),
        ),
        _row(Better(), "not proven better than the incumbent recipe: gain", better, same),
        _row(
            BetterOrSimpler(tolerance=0.2),
            "simpler, but not proven as good: gain over the incumbent",
            build_contest(noise=0.7, is_simpler=True),
            build_contest(harmed="north", is_simpler=True),
        ),
        _row(Calibrated(), "scores are off by 0.2", same, halved),
        _row(
            FreshHoldout(), "has judged 11 other challengers", same, build_contest(judged_before=11)
        ),
        _row(MetricBetter(metric="auc"), "auc not proven better", better, same),
        _row(MetricFloor(metric="recall", minimum=0.5), "recall 0.", same, halved),
    ]


def _last_rows() -> list[Row]:
    same, one_shop = build_contest(), build_contest(harmed="north")
    constant, halved = build_contest(scores=_to(0.5)), build_contest(scores=_halve)
    return [
        _row(
            MetricNotWorse(metric="auc"),
            "auc worse than the rival's",
            build_contest("refresh"),
            build_contest("refresh", harmed="north"),
        ),
        Row(
            NoOpenFaults(),
            same,
            build_contest(open_faults=(day(3),)),
            "1 night has an open data fault since the first gate night: 2026-",
            outcome="undecided",
        ),
        _row(
            NotMemorised(),
            "96% of what it gains on training rows is gone",
            same,
            build_contest(memorised=build_memorised(lost=0.96)),
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


ROWS = [*_first_rows(), *_last_rows()]


def test_the_table_has_every_gate() -> None:
    assert [type(row.gate) for row in ROWS] == sorted(
        find_kinds(tasks.gates, Gate), key=lambda kind: kind.__name__
    )


@pytest.mark.parametrize("row", ROWS, ids=[row.gate.kind for row in ROWS])
def test_each_gate_refuses_for_its_own_reason_and_passes_otherwise(row: Row) -> None:
    passed, refused = says(row.gate, row.passes), says(row.gate, row.refuses)
    assert (passed.outcome, refused.outcome) == ("passed", row.outcome)
    assert row.reason in refused.sentence
    assert passed.gate == refused.gate
    assert refused.limits.keys() <= refused.numbers.keys()


@pytest.mark.parametrize("row", ROWS, ids=[row.gate.kind for row in ROWS])
def test_no_other_gate_gives_that_reason(row: Row) -> None:
    for other in ROWS:
        said = other.gate.judge(row.refuses)
        assert other is row or said is None or row.reason not in said.sentence


TRIALS: tuple[tuple[Who, Gate, str], ...] = (
    ("itself", PassGains(least=-1e-9, most=1e-9), "the champion against itself is let pass"),
    ("noise", PassGains(least=-0.2, most=-1e-6), "the champion with noise is let pass"),
    ("shuffled", PassGains(least=-9, most=-0.2), "a model of shuffled labels is let pass"),
    ("oracle", PassGains(least=8, most=9, enough=9), "an oracle is refused by pass_gains"),
)
"""A self-test, and the gate that it alone finds out."""


@pytest.mark.parametrize(("who", "gate", "said"), TRIALS, ids=[who for who, *_ in TRIALS])
def test_each_self_test_finds_out_the_gate_that_fails_it(who: Who, gate: Gate, said: str) -> None:
    [wrong] = try_on(gate).wrong
    assert wrong.who == who
    assert wrong.sentence.startswith(said)


@pytest.mark.parametrize("row", ROWS, ids=[row.gate.kind for row in ROWS])
def test_sound_gates_pass_their_self_test(row: Row) -> None:
    assert try_on(Better(), *([] if row.gate.kind == "SlicesUnharmed" else [row.gate])).wrong == ()


def test_gates_that_do_not_judge_scores_vouch_for_nobody() -> None:
    wrong = try_on(SmallEnough(bytes=1_000_000)).wrong
    assert [trial.who for trial in wrong] == ["itself", "noise", "shuffled"]


def test_where_too_few_nights_judge_the_self_test_cannot_say() -> None:
    trials = try_on(Better(), nights=2).trials
    assert {trial.finding for trial in trials} == {"cannot say"}


def test_where_the_champion_is_no_better_than_the_constant_who_beats_it_is_no_wonder() -> None:
    found = {trial.who: trial.finding for trial in try_on(Better(), champion=-1.0).trials}
    assert found == {
        "itself": "right",
        "noise": "right",
        "shuffled": "cannot say",
        "oracle": "right",
    }


def test_an_oracle_that_a_margin_keeps_out_is_no_failure_of_the_gate() -> None:
    found = {trial.who: trial for trial in try_on(Better(margin=5.0)).trials}
    assert found["oracle"].finding == "cannot say"
    assert "cannot tell from chance or the margin" in found["oracle"].sentence
