"""Each state of the trigger and its exit, on scripted evidence."""

from typing import Any

import pytest

from schemas.judgement import Cause
from schemas.monitoring import Fault
from schemas.night import DataState, Quality
from tests.tasks.core.evidence import (
    Trigger,
    attempted,
    build_attempt,
    build_drift,
    build_evidence,
    build_fault,
    build_plan,
    kinds_of,
)
from tests.tasks.core.nights import day

NOBODY: dict[str, Any] = {"champion": None, "champion_recipe": None, "stand_in_cut": None}


def first_plan(usable: int, rows: int = 5_000, **fields: Any) -> dict[str, Any]:
    """Evidence of a project without champion."""
    plan = build_plan(9, retrain="first", usable=usable, usable_rows=rows, **fields)
    return {**NOBODY, "plan": plan}


def test_no_champion_waits_for_enough_nights_and_rows_then_trains() -> None:
    trigger = Trigger()
    too_few_nights = trigger.see(build_evidence(1, **first_plan(27)))
    too_few_rows = trigger.see(build_evidence(2, **first_plan(28, rows=999)))
    enough = trigger.see(build_evidence(3, **first_plan(28, rows=1000)))
    assert [d.state for d in (too_few_nights, too_few_rows)] == ["No champion yet"] * 2
    assert "27 of 28 labelled nights" in too_few_nights.sentence
    assert "999 of 1000 rows" in too_few_rows.sentence
    assert (enough.action, enough.retrain) == ("retrain", "first")
    assert enough.cause == Cause(kind="first")


def test_a_first_champion_that_was_refused_is_tried_again_after_the_interval() -> None:
    trigger = Trigger()
    trigger.see(build_evidence(1, **first_plan(28)))
    read = (build_attempt(1, "refused", retrain="first"),)
    decisions = [
        trigger.see(build_evidence(2, judgements=read, **first_plan(29))),
        trigger.see(build_evidence(3, **first_plan(30))),
        trigger.see(build_evidence(4, **first_plan(31))),
    ]
    assert [d.action for d in decisions] == ["wait", "wait", "retrain"]


def test_labels_of_one_class_train_nothing_until_another_comes() -> None:
    trigger = Trigger()
    waiting = trigger.see(build_evidence(1, **first_plan(40, one_class=True)))
    assert (waiting.state, waiting.action) == ("One class only", "wait")
    assert trigger.see(build_evidence(2, **first_plan(41))).retrain == "first"


@pytest.mark.parametrize(
    ("data", "state", "alerts"),
    [
        ("refused", "Batch refused", ["refused"]),
        ("no_data", "No data", ["missing"]),
        ("no_data_yet", "No data yet", []),
    ],
)
def test_without_sound_data_nothing_trains_until_it_comes(
    data: DataState, state: str, alerts: list[str]
) -> None:
    trigger = Trigger()  # a refresh is overdue
    decision = trigger.see(build_evidence(1, data=data))
    assert (decision.action, decision.state, kinds_of(decision)) == ("wait", state, alerts)
    assert trigger.see(build_evidence(2)).action == "retrain"


def test_missing_data_alerts_once_until_data_has_come() -> None:
    trigger = attempted(0)
    nights: list[DataState] = ["no_data", "no_data", "accepted", "no_data"]
    told = trigger.see_all(build_evidence(n, data=data) for n, data in enumerate(nights, 1))
    assert [kinds_of(d) for d in told] == [["missing"], [], [], ["missing"]]


def test_a_night_whose_deadline_passed_later_alerts_once_although_it_decides_nothing() -> None:
    trigger = attempted(0)
    told = [
        trigger.see(build_evidence(1, data="no_data_yet")),
        trigger.see(build_evidence(1, data="no_data", late=True)),
        trigger.see(build_evidence(2, data="no_data_yet")),
        trigger.see(build_evidence(2, data="no_data", late=True)),
        trigger.see(build_evidence(3)),
    ]
    assert [kinds_of(d) for d in told] == [[], ["missing"], [], [], []]
    assert trigger.see(build_evidence(4, data="no_data")).alerts


def test_each_refused_night_alerts_by_itself() -> None:
    trigger = attempted(0)
    told = trigger.see_all(build_evidence(number, data="refused") for number in (1, 2))
    assert [[a.subject for a in d.alerts] for d in told] == [[str(day(1))], [str(day(2))]]


def test_a_champion_that_cannot_score_alerts_and_is_retrained_against_prior() -> None:
    trigger = attempted(0)
    broken = trigger.see(build_evidence(1, unscorable="its model file is damaged"))
    assert (broken.action, kinds_of(broken)) == ("wait", ["unscorable"])
    assert broken.alerts[0].next_step == "driftloop rollback"
    alone = build_evidence(1, unscorable="its model file is damaged", has_earlier=False)
    assert attempted(0).see(alone).alerts[0].next_step == "driftloop retrain"
    again = trigger.see(build_evidence(3, unscorable="its model file is damaged"))
    assert (again.retrain, again.alerts) == ("first", ())
    assert "damaged" in again.sentence
    whole = trigger.see(build_evidence(4))
    assert whole.state == "Nothing due"
    assert kinds_of(trigger.see(build_evidence(5, unscorable="again"))) == ["unscorable"]


def test_a_fault_starts_no_retrain_and_keeps_the_night_out_until_it_comes_clean() -> None:
    trigger = Trigger()
    decision = trigger.see(build_evidence(1, faults=(build_fault(),)))
    assert (decision.state, decision.action, kinds_of(decision)) == (
        "Data fault",
        "wait",
        ["fault"],
    )
    assert "amount" in decision.alerts[0].sentence
    assert list(trigger.state.faulty) == [day(1)]
    trigger.see(build_evidence(2))
    assert list(trigger.state.faulty) == [day(1)]
    trigger.see(build_evidence(1, late=True, drift=build_drift()))
    assert list(trigger.state.faulty) == []


def test_an_accepted_night_is_faulty_no_more() -> None:
    trigger = Trigger()
    trigger.see(build_evidence(1, faults=(build_fault(),)))
    trigger.see(build_evidence(2, accepted=(day(1),)))
    assert list(trigger.state.faulty) == []


def test_a_late_revision_that_nobody_measured_proves_nothing() -> None:
    trigger = Trigger()
    trigger.see(build_evidence(1, faults=(build_fault(),)))
    trigger.see(build_evidence(1, late=True, drift=build_drift(state="not_scored", columns=())))
    assert list(trigger.state.faulty) == [day(1)]


def test_a_fault_of_many_nights_alerts_once_and_each_night_stays_out() -> None:
    trigger = Trigger()
    told = trigger.see_all(build_evidence(n, faults=(build_fault(),)) for n in range(1, 6))
    assert [len(d.alerts) for d in told] == [1, 0, 0, 0, 0]
    assert trigger.state.faulty == tuple(day(n) for n in range(1, 6))


def test_faulty_labels_keep_their_night_out_until_sound_ones_come() -> None:
    fault = Fault(column="returned", kind="label outside", share=1.0, limit=0.15)
    trigger = attempted(0)
    told = trigger.see(
        build_evidence(2, labels={"2026-01-02": 1}, label_faults={"2026-01-02": (fault,)})
    )
    assert kinds_of(told) == ["fault"]
    assert list(trigger.state.faulty) == [day(1)]
    trigger.see(build_evidence(1, late=True))
    assert list(trigger.state.faulty) == [day(1)], "its rows were never the problem"
    trigger.see(build_evidence(3, labels={"2026-01-02": 2}, label_faults={"2026-01-02": ()}))
    assert list(trigger.state.faulty) == []
    assert trigger.state.labels_read == {"2026-01-02": 2}


def test_history_and_late_revisions_start_nothing() -> None:
    trigger = Trigger()
    history = trigger.see(build_evidence(1, history=True))
    late = trigger.see(build_evidence(0, late=True, drift=build_drift("amount")))
    assert [(d.action, d.state) for d in (history, late)] == [
        ("wait", "History"),
        ("wait", "Late revision"),
    ]
    assert trigger.state.last_attempt is None


def test_a_champion_past_its_age_alerts_once() -> None:
    trigger = attempted(40)
    told = trigger.see_all(
        build_evidence(n, champion_last_night=day(10), frozen=True) for n in (38, 39, 40)
    )
    assert [kinds_of(d) for d in told] == [[], ["stale"], []]


def test_labels_that_stay_away_alert_past_their_delay_not_before() -> None:
    trigger = attempted(0)
    told = [
        trigger.see(
            build_evidence(
                n,
                quality=Quality(state="not_yet_known", latest_labels=day(1), labels_behind=behind),
            )
        )
        for n, behind in ((20, 7), (21, 8), (22, 9), (23, 0), (24, 8))
    ]
    assert [kinds_of(d) for d in told] == [[], ["labels"], [], [], ["labels"]]


def test_a_late_revision_tells_of_its_own_data_only_and_forgets_no_alert() -> None:
    trigger = attempted(0)
    behind = Quality(state="not_yet_known", latest_labels=day(1), labels_behind=30)
    trigger.see(build_evidence(5, faults=(build_fault("wait"),)))
    late = trigger.see(build_evidence(4, late=True, faults=(build_fault(),), quality=behind))
    assert [(alert.kind, alert.subject) for alert in late.alerts] == [("fault", "amount")]
    assert trigger.see(build_evidence(6, faults=(build_fault("wait"),))).alerts == ()
