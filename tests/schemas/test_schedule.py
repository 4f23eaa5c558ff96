"""When the runs of a project are due, and when its data is late no longer."""

from datetime import date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.period import Hour, Week
from schemas.schedule import Schedule


def schedule(**fields: Any) -> Schedule:
    return Schedule(timezone="Europe/Berlin", **fields)


@pytest.mark.parametrize(
    ("fields", "cron"),
    [
        ({}, "0 2 * * *"),
        ({"hours": (2, 5)}, "0 2,5 * * *"),
        ({"period": "week"}, "0 2 * * 1"),
        ({"period": "hour"}, "10 * * * *"),
        ({"period": "hour", "minutes": (5, 35)}, "5,35 * * * *"),
    ],
)
def test_runs_are_due_after_each_period(fields: dict[str, Any], cron: str) -> None:
    assert schedule(**fields).cron == cron


@pytest.mark.parametrize(
    ("fields", "night", "deadline"),
    [
        ({}, date(2026, 3, 28), "2026-03-29T10:00Z"),
        (
            {"period": "week", "deadline": 9},
            Week(2026, 3, 23),
            "2026-03-30T07:00Z",
        ),
        ({"period": "hour"}, Hour(2026, 3, 28, 23), "2026-03-29T02:00Z"),
        (
            {"period": "hour", "deadline": 0},
            Hour(2026, 3, 1, 4),
            "2026-03-01T05:00Z",
        ),
    ],
)
def test_data_is_late_until_the_deadline(
    fields: dict[str, Any], night: date, deadline: str
) -> None:
    assert schedule(**fields).deadline_of(night) == datetime.fromisoformat(deadline)


@pytest.mark.parametrize(
    "fields",
    [{"period": "hour", "hours": (2,)}, {"minutes": (5,)}, {"period": "month"}, {"hours": (24,)}],
)
def test_what_would_say_nothing_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        schedule(**fields)
