"""Numbers of the policy that a sample asks for: a short history, a thin one.

All other numbers keep their measured defaults, which are `schemas.policy`.
"""

from collections.abc import Iterator

from schemas.period import Period
from schemas.policy import Policy
from tasks.inferring.guess import PolicyGuess

_FEWEST_NIGHTS, _FEWEST_ROWS = 14, 200


_OF_PERIODS: dict[Period, dict[str, int]] = {
    "day": {},
    "week": {"refresh_every": 2, "gate_nights": 4, "min_nights": 12, "reference_nights": 52},
    "hour": {
        "refresh_every": 24,
        "gate_nights": 48,
        "change_nights": 72,
        "budget_nights": 96,
        "recheck": 6,
        "catch_up": 48,
    },
}
"""As docs/data.md suggests them: not measured, as the defaults were on days."""


def guess_policy(rows_a_night: int, labelled: int, period: Period) -> Iterator[PolicyGuess]:
    """What differs from the defaults, each with its reason."""
    usual = Policy()
    what = "night" if period == "day" else period
    numbers = _OF_PERIODS[period]
    for name, value in numbers.items():
        more = "; under 91 drift is shown and starts nothing" if name == "reference_nights" else ""
        default = getattr(usual, name)
        yield PolicyGuess(name, value, f"in {period}s; the default {default} is for days{more}")
    nights = numbers.get("min_nights", usual.min_nights)
    if "min_nights" not in numbers and _FEWEST_NIGHTS <= labelled < nights:
        note = f"the sample has {labelled} labelled {what}s; take this out once there are {nights}"
        nights = _FEWEST_NIGHTS
        yield PolicyGuess("min_nights", nights, note)
    rows = max(_FEWEST_ROWS, nights * rows_a_night // 100 * 100)
    if rows < usual.min_rows and labelled * rows_a_night < usual.min_rows:
        taken = usual.min_rows // max(1, rows_a_night)
        note = f"{usual.min_rows:,} rows would take {taken} {what}s of about {rows_a_night} rows"
        yield PolicyGuess("min_rows", rows, note)
