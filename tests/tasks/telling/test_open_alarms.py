"""Open alarms: in sentences, since when, and whether anybody was told."""

import pytest

from tasks.alerts import tell_people
from tasks.telling.open_alarms import open_alarms
from tests.building.chronicle import Chronicle
from tests.building.project import NAME
from tests.building.raising import raise_alert, stay
from tests.building.receivers import Web
from tests.tasks.core.nights import day


def test_no_night_and_no_alarm_tell_nothing() -> None:
    chronicle = Chronicle()
    assert open_alarms(chronicle.store, NAME) == ()
    chronicle.see(0)
    assert open_alarms(chronicle.store, NAME) == ()


def test_an_alarm_says_what_since_when_and_what_to_type() -> None:
    chronicle = Chronicle()
    raise_alert(chronicle, "fault", 0)
    for number in range(2, 6):
        stay(chronicle, "fault", number)
    (alarm,) = open_alarms(chronicle.store, NAME)
    assert (alarm.kind, alarm.subject, alarm.since) == ("fault", "amount", day(1))
    assert str(alarm) == (
        "fault, since 2026-01-02: Fix the data. amount: nulls on 40% of rows, limit 16%. "
        "Nobody was told. Next: driftloop accept shop 2026-01-02 --reason ..."
    )


@pytest.mark.usefixtures("to_web")
def test_an_alarm_that_somebody_heard_of_does_not_say_so() -> None:
    chronicle = Chronicle()
    raise_alert(chronicle, "stale", 0)
    assert [alarm.undelivered for alarm in open_alarms(chronicle.store, NAME)] == [True]
    tell_people(chronicle.project)
    stay(chronicle, "stale", 2)
    assert [alarm.undelivered for alarm in open_alarms(chronicle.store, NAME)] == [False]


def test_an_alarm_that_nobody_heard_of_says_so(
    to_web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.engine.posting._PAUSES_SECONDS", ())
    to_web.answer = 500
    chronicle = Chronicle()
    raise_alert(chronicle, "stale", 0)
    tell_people(chronicle.project)
    (alarm,) = open_alarms(chronicle.store, NAME)
    assert alarm.undelivered
    assert "Nobody was told." in str(alarm)


def test_an_alarm_of_long_ago_is_still_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.telling.open_alarms._FURTHEST", 3)
    chronicle = Chronicle()
    raise_alert(chronicle, "fault", 0)
    for number in range(2, 8):
        stay(chronicle, "fault", number)
    (alarm,) = open_alarms(chronicle.store, NAME)
    assert str(alarm) == "fault, for a long time: open amount."
