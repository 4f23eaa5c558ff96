"""When a retrain starts and what holds it: interval, edited recipe, budget, breaker, freeze."""

from typing import Any

import pytest

from schemas.judgement import Cause
from schemas.policy import Policy
from tests.tasks.core.evidence import (
    EDITED,
    Trigger,
    attempted,
    build_attempt,
    build_drift,
    build_evidence,
    build_plan,
    kinds_of,
)
from tests.tasks.core.nights import day


def test_an_edited_recipe_pauses_refreshes_until_enough_newer_nights_judge_it() -> None:
    trigger = Trigger()
    pending = trigger.see(
        build_evidence(1, recipe=EDITED, plan=build_plan(1, retrain="change", nights_needed=9))
    )
    assert (pending.state, pending.action) == ("Change pending", "wait")
    assert "9 more labelled nights" in pending.sentence
    judged = trigger.see(build_evidence(2, recipe=EDITED, plan=build_plan(2, retrain="change")))
    assert (judged.retrain, judged.cause) == ("change", Cause(kind="change"))


def test_a_refused_change_is_not_tried_again_until_it_is_altered() -> None:
    trigger = Trigger()
    change = build_plan(1, retrain="change")
    trigger.see(build_evidence(1, recipe=EDITED, plan=change))
    read = (build_attempt(1, "refused", retrain="change", recipe=EDITED),)
    refused = trigger.see(build_evidence(2, recipe=EDITED, plan=change, judgements=read))
    later = trigger.see(build_evidence(9, recipe=EDITED, plan=change))
    assert [d.state for d in (refused, later)] == ["Change refused"] * 2
    assert "promote --override" in refused.sentence
    altered = trigger.see(build_evidence(10, recipe="a third recipe", plan=change))
    assert altered.retrain == "change"


def test_undoing_a_refused_edit_brings_refreshes_back_and_forgets_the_refusal() -> None:
    trigger = Trigger()
    change = build_plan(1, retrain="change")
    read = (build_attempt(1, "refused", retrain="change", recipe=EDITED),)
    trigger.see(build_evidence(2, recipe=EDITED, plan=change, judgements=read))
    assert trigger.see(build_evidence(3)).retrain == "refresh"
    assert trigger.see(build_evidence(4, recipe=EDITED, plan=change)).retrain == "change"


def test_without_newer_labelled_nights_a_due_refresh_waits_and_is_no_refusal() -> None:
    trigger = Trigger()
    stale = build_plan(1, cut=day(-9))
    waiting = trigger.see_all(build_evidence(n, plan=stale, stand_in_cut=day(-9)) for n in range(9))
    assert {d.state for d in waiting} == {"No new data"}
    assert (trigger.state.refused_in_a_row, trigger.state.last_attempt) == (0, None)
    assert trigger.see(build_evidence(9)).retrain == "refresh"


def test_under_three_usable_gate_nights_a_refresh_is_undecided_not_tried() -> None:
    trigger = Trigger()
    assert trigger.see(build_evidence(1, plan=build_plan(1, gate_nights=2))).state == "Undecided"
    assert trigger.see(build_evidence(2, plan=build_plan(2, gate_nights=3))).action == "retrain"


def test_refreshes_come_at_their_interval() -> None:
    trigger = Trigger()
    told = trigger.see_all(build_evidence(number) for number in range(1, 11))
    assert [d.action == "retrain" for d in told] == [n % 3 == 1 for n in range(1, 11)]
    assert told[3].cause == Cause(kind="schedule")
    assert "3 nights since the last attempt" in told[3].sentence


def test_a_missed_refresh_is_due_on_the_next_night_it_can_run() -> None:
    trigger = attempted(0)
    trigger.see(build_evidence(3, data="refused"))
    assert trigger.see(build_evidence(4)).cause == Cause(kind="schedule")


def refuse(trigger: Trigger, number: int) -> list[str]:
    """A night that reads the refusal of the attempt made the night before, if there was one."""
    last = trigger.state.last_attempt
    read = (build_attempt(number - 1, "refused"),) if last == day(number - 1) else ()
    return kinds_of(trigger.see(build_evidence(number, judgements=read)))


def test_five_refusals_alert_once_and_leave_one_attempt_a_week() -> None:
    trigger = Trigger()
    alerts = [refuse(trigger, number) for number in range(1, 43)]
    attempts = [n for n, d in enumerate(trigger.decisions, 1) if d.action == "retrain"]
    assert attempts == [1, 4, 7, 10, 13, 20, 27, 34, 41]
    assert [n for n, kinds in enumerate(alerts, 1) if kinds] == [14]
    assert alerts[13] == ["breaker"]
    assert "breaker open" in trigger.decisions[14].sentence


def test_a_pass_closes_the_breaker() -> None:
    trigger = Trigger()
    for number in range(1, 20):
        refuse(trigger, number)
    trigger.see(build_evidence(20))
    trigger.see(build_evidence(21, judgements=(build_attempt(20, "passed"),)))
    assert trigger.state.refused_in_a_row == 0
    assert trigger.see(build_evidence(23)).action == "retrain"


def test_an_acknowledgement_closes_the_breaker() -> None:
    trigger = Trigger()
    for number in range(1, 16):
        refuse(trigger, number)
    assert trigger.see(build_evidence(16, acknowledged=7)).action == "retrain"
    assert trigger.state.refused_in_a_row == 0
    trigger.see(build_evidence(17, acknowledged=7, judgements=(build_attempt(16, "refused"),)))
    assert trigger.state.refused_in_a_row == 1, "an old acknowledgement does not count twice"


def test_passes_that_are_never_carried_out_open_the_breaker_too() -> None:
    trigger = Trigger()
    for number in range(1, 20):
        made = trigger.state.last_attempt == day(number - 1)
        ended = (
            build_attempt(number - 1, "passed"),
            build_attempt(number - 1, "failed", attempt=2),
        )
        trigger.see(build_evidence(number, judgements=ended if made else ()))
    assert trigger.state.refused_in_a_row == 5


@pytest.mark.parametrize("outcome", ["undecided", "one_class", "lost"])
def test_what_is_no_refusal_does_not_count_as_one(outcome: Any) -> None:
    trigger = attempted(0, refused_in_a_row=4)
    trigger.see(build_evidence(1, judgements=(build_attempt(0, outcome),)))
    assert trigger.state.refused_in_a_row == 4


def test_an_open_breaker_holds_alarms_and_changes_to_one_attempt_a_week() -> None:
    trigger = attempted(0, refused_in_a_row=5)
    change = build_plan(1, retrain="change")
    trigger.see_all(build_evidence(n, drift=build_drift("amount")) for n in range(1, 4))
    trigger.see_all(build_evidence(n, recipe=EDITED, plan=change) for n in range(4, 7))
    assert {d.action for d in trigger.decisions} == {"wait"}
    assert trigger.see(build_evidence(7, recipe=EDITED, plan=change)).action == "retrain"


def test_frozen_nights_decide_nothing_until_somebody_unfreezes() -> None:
    trigger = Trigger()
    frozen = trigger.see_all(build_evidence(n, frozen=True) for n in range(1, 9))
    assert {(d.state, d.action) for d in frozen} == {("Frozen", "wait")}
    assert trigger.see(build_evidence(9)).action == "retrain"


def test_a_spent_budget_waits_for_its_window_to_pass() -> None:
    trigger = Trigger(policy=Policy(refresh_every=1, gate_nights=6))
    told = trigger.see_all(build_evidence(n) for n in range(1, 9))
    assert [d.action for d in told] == ["retrain"] * 4 + ["wait"] * 3 + ["retrain"]
    assert told[4].state == "Budget spent"
    assert "limit 4" in told[4].sentence


def test_a_persons_retrain_counts_as_the_last_attempt() -> None:
    trigger = attempted(0)
    by_hand = build_attempt(2, "refused", cause=Cause(kind="person", actor="ann"))
    told = [
        trigger.see(build_evidence(n, judgements=(by_hand,) if n == 3 else ())) for n in (3, 4, 5)
    ]
    assert [d.action for d in told] == ["wait", "wait", "retrain"]


def test_a_late_revision_does_not_forget_that_a_change_was_refused() -> None:
    trigger = attempted(0, refused_recipe=EDITED)
    trigger.see(build_evidence(1, late=True))
    assert trigger.state.refused_recipe == EDITED


def test_a_recipe_that_waits_for_approval_is_tried_anew_once_it_is_old_or_superseded() -> None:
    trigger = attempted(0)
    change = {"recipe": EDITED, "plan": build_plan(9, retrain="change")}
    asked = build_attempt(1, "waiting", retrain="change", recipe=EDITED)
    first = trigger.see(build_evidence(2, judgements=(asked,), **change))
    last = trigger.see(build_evidence(29, **change))
    assert [one.state for one in (first, last)] == ["Waiting for approval"] * 2
    assert trigger.state.refused_in_a_row == 0
    assert trigger.see(build_evidence(30, **change)).retrain == "change"
    trigger = attempted(0)
    trigger.see(build_evidence(2, judgements=(asked,), **change))
    assert (
        trigger.see(build_evidence(3, champion="v00000000000000ff", **change)).action == "retrain"
    )
