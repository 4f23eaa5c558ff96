"""Margins of gates, and the smallest change that would have led to another verdict."""

import numpy as np
import pytest

from schemas.judgement import Contest, GateNight, Verdict
from tasks.gates.metric_floor import MetricFloor
from tasks.gates.not_worse import NotWorse
from tasks.telling.gate_margins import margin_rows, margins, what_would_flip
from tests.building.rows import day


def _contest(worse: float, kind: str = "refresh") -> Contest:
    """Six nights whose challenger loses `worse` a row more than its rival, give or take."""
    noise = np.random.default_rng(3).normal(scale=0.01, size=6)
    nights = tuple(
        GateNight(as_of=day(n), rows=100, challenger=50 + 100 * (worse + x), rival=50.0, prior=70.0)
        for n, x in enumerate(noise)
    )
    return Contest.model_validate({"kind": kind, "nights": nights, "metrics": {"auc": 0.7}})


def _judge(worse: float) -> Verdict:
    verdict = NotWorse().judge(_contest(worse))
    assert verdict is not None
    return verdict


@pytest.mark.parametrize("worse", [0.0, 0.05])
def test_a_loss_moved_by_the_margin_is_where_the_verdict_flips(worse: float) -> None:
    verdict = _judge(worse)
    [upper] = [one for one in margins(verdict) if one.name == "upper"]
    way = 1 if verdict.outcome == "passed" else -1
    assert _judge(worse + way * 0.99 * upper.distance).outcome == verdict.outcome
    assert _judge(worse + way * 1.01 * upper.distance).outcome != verdict.outcome
    told = what_would_flip(verdict)
    assert f"a loss {upper.distance:.4g} a row {'higher' if way > 0 else 'lower'}" in told
    assert told.endswith("would have refused it" if way > 0 else "would have let it pass")


def test_of_a_refusal_only_the_limits_that_were_passed_over_are_named() -> None:
    verdict = _judge(9.0)  # worse beyond chance, and many times the loss
    assert verdict.outcome == "refused"
    told = what_would_flip(verdict)
    assert "a row lower on every gate night" in told
    assert "loss ratio" in told
    assert "loss ratio" not in what_would_flip(_judge(0.05))


def test_a_floor_says_how_far_the_metric_may_fall_or_has_to_rise() -> None:
    passed, refused = (
        MetricFloor(metric="auc", minimum=minimum).judge(_contest(0, "change"))
        for minimum in (0.6, 0.75)
    )
    assert passed is not None
    assert refused is not None
    assert what_would_flip(passed) == "auc 0.1 lower would have refused it"
    assert what_would_flip(refused) == "auc 0.05 higher would have let it pass"


def test_an_open_verdict_says_what_it_waits_for_and_a_silent_one_nothing() -> None:
    waits = Verdict(gate="g", outcome="undecided", sentence="too few", nights_needed=2)
    assert what_would_flip(waits) == "2 more gate nights would decide it"
    silent = Verdict(gate="g", outcome="passed", sentence="because")
    assert what_would_flip(silent) == ""
    [row] = margin_rows([silent])
    assert row == ("g", "passed", "-", "-", "-", "because")
