"""Drift and quality alarms: one alert and one early retrain a cause, until it has cleared."""

from schemas.judgement import Cause
from tests.tasks.core.evidence import (
    Trigger,
    attempted,
    build_drift,
    build_evidence,
    build_fault,
    build_quality,
    kinds_of,
)
from tests.tasks.core.nights import day

ELEVEN = tuple(f"c{number:02d}" for number in range(11))


def early(trigger: Trigger) -> list[int]:
    """Positions of the decisions that an alarm brought forward."""
    return [
        at
        for at, d in enumerate(trigger.decisions)
        if d.cause is not None and d.cause.kind in ("drift", "quality")
    ]


def alerted(trigger: Trigger, kind: str) -> list[int]:
    """Positions of the decisions that told people of an alarm of this kind."""
    return [at for at, d in enumerate(trigger.decisions) if kind in kinds_of(d)]


def test_drift_on_one_night_is_no_alarm() -> None:
    trigger = attempted(0)
    trigger.see(build_evidence(1, drift=build_drift("amount")))
    trigger.see(build_evidence(2))
    assert (early(trigger), alerted(trigger, "drift")) == ([], [])


def test_drift_on_two_of_three_nights_alerts_and_brings_the_refresh_forward() -> None:
    trigger = attempted(2)
    trigger.see(build_evidence(2, drift=build_drift("amount", "wait")))
    trigger.see(build_evidence(3))
    decision = trigger.see(build_evidence(4, drift=build_drift("amount")))
    assert (decision.retrain, decision.cause) == ("refresh", Cause(kind="drift", subject="amount"))
    assert kinds_of(decision) == ["drift"]
    assert "amount" in decision.alerts[0].sentence
    assert "drift alarm on amount brings the refresh forward" in decision.sentence


def test_a_quiet_night_after_two_drifting_ones_raises_nothing() -> None:
    trigger = attempted(0)
    trigger.see(build_evidence(1, drift=build_drift("amount", state="provisional")))
    trigger.see(build_evidence(2, drift=build_drift("amount", state="provisional")))
    trigger.see(build_evidence(3))
    assert trigger.state.causes == ()


def test_a_lasting_step_with_columns_joining_later_is_one_alarm_and_one_early_retrain() -> None:
    trigger = attempted(0)
    for number in range(1, 22):
        drifted = ELEVEN[: 2 * number]  # more of the eleven cross their thresholds night by night
        trigger.see(build_evidence(number, drift=build_drift(*drifted)))
    assert early(trigger) == [1]
    assert alerted(trigger, "drift") == [1]
    assert {cause.column for cause in trigger.state.causes} == set(ELEVEN)
    assert {cause.since for cause in trigger.state.causes} == {day(2)}


def test_a_column_that_joins_after_the_gate_window_is_another_alarm() -> None:
    trigger = attempted(0)
    for number in range(1, 20):
        drifted = ("amount", "wait") if number >= 12 else ("amount",)
        trigger.see(build_evidence(number, drift=build_drift(*drifted)))
    assert len(early(trigger)) == len(alerted(trigger, "drift")) == 2


def test_an_alarm_that_cleared_may_be_raised_again() -> None:
    trigger = attempted(0)
    drifting = {1, 2, 3, 10, 11}
    for number in range(1, 13):
        columns = ("amount",) if number in drifting else ()
        trigger.see(build_evidence(number, drift=build_drift(*columns)))
    assert alerted(trigger, "drift") == [1, 10]
    assert early(trigger) == [1, 10]


def test_a_column_that_flickers_within_the_window_is_one_alarm() -> None:
    trigger = attempted(0)
    for number in range(1, 16):
        columns = ("amount",) if number % 3 else ()
        trigger.see(build_evidence(number, drift=build_drift(*columns)))
    assert alerted(trigger, "drift") == [1]


def test_an_alarm_raised_while_frozen_brings_one_retrain_after_the_freeze() -> None:
    trigger = attempted(0)
    for number in range(1, 8):
        frozen = number < 5
        trigger.see(build_evidence(number, drift=build_drift("amount"), frozen=frozen))
    assert alerted(trigger, "drift") == [1]
    assert early(trigger) == [4]


def test_a_provisional_reference_starts_and_alerts_nothing() -> None:
    trigger = attempted(0)
    for number in range(1, 3):
        trigger.see(build_evidence(number, drift=build_drift("amount", state="provisional")))
    assert (trigger.state.causes, early(trigger), alerted(trigger, "drift")) == ((), [], [])


def test_drift_of_a_faulty_night_is_the_faults_doing() -> None:
    trigger = attempted(0)
    faulty = {"faults": (build_fault(),), "drift": build_drift("amount")}
    trigger.see_all(build_evidence(n, **faulty) for n in (1, 2, 3))
    trigger.see_all(build_evidence(n) for n in (4, 5, 6))
    assert (early(trigger), alerted(trigger, "drift")) == ([], [])


def test_drift_of_a_night_that_was_marked_bad_since_counts_no_more() -> None:
    trigger = attempted(2)
    trigger.see(build_evidence(3, drift=build_drift("amount")))
    trigger.see(build_evidence(4, drift=build_drift("amount"), bad=(day(3),)))
    assert (early(trigger), alerted(trigger, "drift")) == ([], [])
    trigger.see(build_evidence(5, drift=build_drift("amount"), bad=(day(3),)))
    assert (len(early(trigger)), len(alerted(trigger, "drift"))) == (1, 1)


def test_a_mark_clears_the_alarm_that_the_bad_night_raised() -> None:
    trigger = attempted(2)
    for number in (3, 4):
        trigger.see(build_evidence(number, drift=build_drift("amount")))
    assert [cause.column for cause in trigger.state.causes] == ["amount"]
    trigger.see(build_evidence(5, bad=(day(3), day(4))))
    assert trigger.state.causes == ()


def test_a_night_that_is_marked_bad_starts_no_retrain_when_it_is_decided_again() -> None:
    trigger = attempted(2)
    drifted = build_evidence(30, drift=build_drift("amount"), bad=(day(30),))
    assert (trigger.see(drifted).state, trigger.state.recent_drift[-1].columns) == (
        "Marked bad",
        (),
    )


def test_nights_without_data_neither_clear_nor_raise() -> None:
    trigger = attempted(0)
    trigger.see_all(build_evidence(n, drift=build_drift("amount")) for n in (1, 2))
    unscored = build_drift(state="not_scored", columns=())
    trigger.see_all(build_evidence(n, data="no_data", drift=unscored) for n in range(3, 9))
    assert [cause.column for cause in trigger.state.causes] == ["amount"]
    trigger.see(build_evidence(9, drift=build_drift("amount")))
    assert alerted(trigger, "drift") == [1]


def test_thin_nights_wait_in_the_pool_until_they_are_judged() -> None:
    trigger = attempted(0)
    thin = build_drift(state="pooled", columns=())
    trigger.see_all(build_evidence(n, drift=thin) for n in (1, 2))
    assert list(trigger.state.pooled) == [day(1), day(2)]
    trigger.see(build_evidence(3, drift=build_drift("amount", pooled=(day(1), day(2)))))
    assert list(trigger.state.pooled) == []
    assert [night.as_of for night in trigger.state.recent_drift] == [day(3)]


def test_quality_of_three_bad_nights_in_five_alerts_and_retrains_once() -> None:
    trigger = attempted(0)
    bad = [build_evidence(n, quality=build_quality(n, 0.1, 2.6, 0.2, 3.0, 2.6)) for n in (1, 2, 3)]
    trigger.see_all(bad)
    assert (early(trigger), alerted(trigger, "quality")) == ([0], [0])
    assert trigger.decisions[0].cause == Cause(kind="quality")


def test_two_bad_nights_in_five_are_no_quality_alarm() -> None:
    trigger = attempted(0)
    trigger.see(build_evidence(1, quality=build_quality(1, 0.1, 2.6, 0.2, 3.0, 2.4)))
    assert (early(trigger), alerted(trigger, "quality")) == ([], [])


def test_a_quality_alarm_stands_while_labels_are_missing_and_clears_with_better_ones() -> None:
    trigger = attempted(0)
    trigger.see(build_evidence(1, quality=build_quality(1, 3, 3, 3, 3, 3)))
    trigger.see(build_evidence(2))  # not yet known
    assert [cause.kind for cause in trigger.state.causes] == ["quality"]
    trigger.see(build_evidence(3, quality=build_quality(3, 3, 3, 0, 0, 0)))
    assert trigger.state.causes == ()
    trigger.see(build_evidence(4, quality=build_quality(4, 0, 0, 3, 3, 3)))
    assert alerted(trigger, "quality") == [0, 3]


def test_drift_and_quality_of_one_night_share_the_retrain() -> None:
    trigger = attempted(1)
    trigger.see(build_evidence(1, drift=build_drift("amount")))
    both = build_evidence(2, drift=build_drift("amount"), quality=build_quality(2, 3, 3, 3))
    assert kinds_of(trigger.see(both)) == ["drift", "quality"]
    trigger.see(both.model_copy(update={"as_of": day(3)}))
    assert len(early(trigger)) == 1
