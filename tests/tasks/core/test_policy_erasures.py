"""A champion that was trained on erased rows asks for a refresh, once an erasure, and quietly."""

from typing import Any

import pytest

from schemas.judgement import Cause
from tests.tasks.core.evidence import (
    attempted,
    build_attempt,
    build_drift,
    build_evidence,
    build_fault,
    build_plan,
    kinds_of,
)
from tests.tasks.core.nights import day

FIRST, SECOND = "erasures/shop/01.json", "erasures/shop/02.json"


def test_an_erasure_brings_the_refresh_forward_once_and_alerts_nobody() -> None:
    trigger = attempted(0)
    told = trigger.see_all(build_evidence(n, erasures=(FIRST,)) for n in (1, 2))
    assert [d.action for d in told] == ["retrain", "wait"]
    assert told[0].cause == Cause(kind="erasure", subject=FIRST)
    assert f"trained on rows that were erased since ({FIRST})" in told[0].sentence
    assert [kinds_of(d) for d in told] == [[], []]
    assert trigger.state.causes[0].brought_forward


def test_another_erasure_is_another_cause() -> None:
    trigger = attempted(0)
    trigger.see(build_evidence(1, erasures=(FIRST,)))
    again = trigger.see(build_evidence(2, erasures=(FIRST, SECOND)))
    assert again.cause == Cause(kind="erasure", subject=SECOND)


def test_it_is_over_when_a_champion_serves_that_never_knew_the_rows() -> None:
    trigger = attempted(0)
    trigger.see(build_evidence(1, erasures=(FIRST,)))
    trigger.see(build_evidence(2))
    assert trigger.state.causes == ()


def test_a_drift_alarm_of_the_same_night_retrains_for_both() -> None:
    trigger = attempted(2)
    trigger.see(build_evidence(3, drift=build_drift("amount")))
    decision = trigger.see(build_evidence(4, drift=build_drift("amount"), erasures=(FIRST,)))
    assert decision.cause == Cause(kind="drift", subject="amount")
    assert kinds_of(decision) == ["drift"]
    assert decision.alerts[0].sentence == "Drift from the champion's reference in amount."
    assert trigger.see(build_evidence(5, erasures=(FIRST,))).action == "wait"


@pytest.mark.parametrize(
    ("held", "state"),
    [
        ({"frozen": True}, "Frozen"),
        ({"faults": (build_fault(),)}, "Data fault"),
        ({"data": "refused"}, "Batch refused"),
        ({"plan": build_plan(1, cut=day(-9)), "stand_in_cut": day(-9)}, "No new data"),
    ],
)
def test_what_holds_a_retrain_holds_this_one_too_and_it_comes_after(
    held: dict[str, Any], state: str
) -> None:
    trigger = attempted(0)
    assert trigger.see(build_evidence(1, erasures=(FIRST,), **held)).state == state
    later = trigger.see(build_evidence(2, erasures=(FIRST,)))
    assert later.cause == Cause(kind="erasure", subject=FIRST)


def test_an_open_breaker_holds_it() -> None:
    trigger = attempted(0, refused_in_a_row=5)
    assert trigger.see(build_evidence(1, erasures=(FIRST,))).action == "wait"


def test_history_and_late_revisions_neither_start_nor_forget_it() -> None:
    trigger = attempted(0)
    trigger.see(build_evidence(1, erasures=(FIRST,), late=True))
    assert trigger.state.causes == ()
    trigger.see(build_evidence(2, erasures=(FIRST,)))
    before = trigger.state.causes
    trigger.see(build_evidence(1, history=True))
    assert trigger.state.causes == before


def test_a_refused_refresh_leaves_the_rest_to_the_schedule() -> None:
    trigger = attempted(0)
    trigger.see(build_evidence(1, erasures=(FIRST,)))
    read = (build_attempt(1, "refused"),)
    told = [
        trigger.see(build_evidence(n, erasures=(FIRST,), judgements=read if n == 2 else ()))
        for n in (2, 3, 4)
    ]
    assert [d.action for d in told] == ["wait", "wait", "retrain"]
    assert told[-1].cause == Cause(kind="schedule")
