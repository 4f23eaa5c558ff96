"""Scripted events: what they change, and how a person writes them."""

from datetime import date

import pandas as pd
import pytest

from deployments.simulation import (
    KM_PER_MILE,
    BrokenNight,
    ChangedWorld,
    Event,
    Night,
    UnitFault,
    parse_events,
)
from schemas.errors import InvalidName

NIGHT = date(2013, 7, 10)
MOVED = ChangedWorld(first=NIGHT)


def _night(rows: int = 1) -> Night:
    flights = pd.DataFrame(
        {
            "carrier": ["UA", "DL", "DL", "UA"] * rows,
            "origin": ["EWR", "LGA", "JFK", "EWR"] * rows,
            "dest": ["IAH", "ATL", "ATL", "XXX"] * rows,
            "sched_dep_time": ["515", "800", "800", "2300"] * rows,
            "sched_arr_time": ["819", "1000", "1000", "30"] * rows,
            "distance": ["1400", "762", "760", "50"] * rows,
            "arr_delay": [0.0, 0.0, 0.0, None] * rows,
        },
        dtype=object,
    ).astype({"arr_delay": "float64"})
    weather = pd.DataFrame({"origin": ["EWR"], "visib": [10.0]})
    return Night(NIGHT, flights, weather, {("LGA", "IAH"): "1416", ("LGA", "ATL"): "762"})


def test_a_carrier_moves_with_its_timetable_and_its_routes_lengths() -> None:
    moved = MOVED.change(_night()).flights
    assert moved["origin"].tolist() == ["LGA", "LGA", "JFK", "LGA"]
    assert moved["sched_dep_time"].tolist() == ["645", "800", "800", "2300"]
    assert moved["sched_arr_time"].tolist() == ["949", "1000", "1000", "30"]
    assert moved["distance"].tolist() == ["1416", "762", "760", "50"]


def test_delays_follow_at_that_airport_alone_and_cancelled_stays_cancelled() -> None:
    flights = MOVED.change(_night(rows=500)).flights
    delay = flights["arr_delay"].groupby([flights["carrier"], flights["origin"]]).mean()
    assert delay["UA", "LGA"] == pytest.approx(20 * (0.5 + 105 / 1140), rel=0.15)
    assert delay["DL", "LGA"] == pytest.approx(5 * (0.5 + 180 / 1140), rel=0.15)
    assert delay["DL", "JFK"] == 0
    assert flights["arr_delay"].isna().sum() == 500


def test_the_same_night_changes_alike_and_another_differently() -> None:
    first, again = MOVED.change(_night()).flights, MOVED.change(_night()).flights
    pd.testing.assert_frame_equal(first, again)
    later = MOVED._extra_minutes(date(2013, 7, 11), first, first["carrier"] == "UA")
    assert later[0] != first["arr_delay"][0]


def test_a_unit_fault_touches_visibility_alone() -> None:
    before = _night()
    after = UnitFault(first=NIGHT).spoil(before)
    assert after.weather["visib"].tolist() == [round(10 * KM_PER_MILE, 2)]
    assert after.flights is before.flights


def test_a_broken_night_renames_a_column() -> None:
    columns = BrokenNight(first=NIGHT, last=NIGHT).spoil(_night()).flights.columns
    assert "planned_departure" in columns
    assert "sched_dep_time" not in columns


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("changed-world=2013-07-10", MOVED),
        ("fault=2013-08-01", UnitFault(first=date(2013, 8, 1))),
        ("fault=2013-08-01..2013-08-03", UnitFault(first=date(2013, 8, 1), last=date(2013, 8, 3))),
        ("broken=2013-07-10", BrokenNight(first=NIGHT, last=NIGHT)),
    ],
)
def test_events_are_read_as_people_write_them(text: str, event: Event) -> None:
    assert parse_events([text]) == (event,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("storm=2013-07-10", "changed-world, fault, broken"),
        ("", "changed-world, fault, broken"),
        ("fault", "YYYY-MM-DD"),
        ("fault=10.7.2013", "YYYY-MM-DD"),
        ("fault=2013-02-30", "YYYY-MM-DD"),
        ("fault=2013-08-03..2013-08-01", "ends before it begins"),
        ("x\x1b[31m" * 2000, r"\\x1b"),
    ],
)
def test_other_texts_are_refused_with_the_rule(text: str, why: str) -> None:
    with pytest.raises(InvalidName, match=why) as refusal:
        parse_events([text])
    assert len(str(refusal.value)) < 600


@pytest.mark.parametrize("event", [MOVED, *parse_events(["fault=2013-07-10", "broken=2013-07-10"])])
def test_every_event_says_that_it_is_simulated_and_when(event: Event) -> None:
    note = event.announce()
    assert note.sentence.startswith("Simulated: ")
    assert "2013-07-10" in note.sentence
    assert note.covers(NIGHT)
    assert not note.covers(date(2013, 7, 9))
