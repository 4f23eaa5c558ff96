"""Numbers of the policy that a sample asks for: a short history, a thin one.

All other numbers keep their measured defaults, which are `schemas.policy`.
"""

from collections.abc import Iterator

from schemas.policy import Policy
from tasks.inferring.guess import PolicyGuess

_FEWEST_NIGHTS, _FEWEST_ROWS = 14, 200


def guess_policy(rows_a_night: int, labelled: int) -> Iterator[PolicyGuess]:
    """What differs from the defaults, each with its reason."""
    usual = Policy()
    nights = usual.min_nights
    if _FEWEST_NIGHTS <= labelled < nights:
        note = f"the sample has {labelled} labelled nights; take this out once there are {nights}"
        nights = _FEWEST_NIGHTS
        yield PolicyGuess("min_nights", nights, note)
    rows = max(_FEWEST_ROWS, nights * rows_a_night // 100 * 100)
    if rows < usual.min_rows and labelled * rows_a_night < usual.min_rows:
        taken = usual.min_rows // max(1, rows_a_night)
        note = f"{usual.min_rows:,} rows would take {taken} nights of about {rows_a_night} rows"
        yield PolicyGuess("min_rows", rows, note)
