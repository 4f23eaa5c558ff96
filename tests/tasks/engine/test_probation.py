"""Which promotions are on probation: the newest ones that gates allowed, for so many nights."""

from typing import Any

import pytest

from schemas.ledger import Entry
from tasks.engine.probation import on_probation
from tests.building.rows import day


def move(seq: int, night: int, **fields: Any) -> Entry:
    """A promotion that gates allowed, unless said otherwise."""
    usual = {
        "action": "promote",
        "judgement": f"judgements/shop/{day(night)}/01.json",
        "actor": "nightly",
    }
    return Entry(
        project="shop",
        seq=seq,
        previous=None if seq == 1 else "digest",
        as_of=day(night),
        version=f"v{seq:016x}",
        reason="because",
        operation="operation",
        **{**usual, **fields},
    )


BY_HAND = {"judgement": None, "actor": "ann"}


@pytest.mark.parametrize(
    ("moves", "on"),
    [
        ([], []),
        ([move(1, 0)], []),
        ([move(1, 0), move(2, 4), move(3, 6)], [2, 3]),
        ([move(1, 0), move(2, 3), move(3, 10)], [3]),
        ([move(1, 0), move(2, 3), move(3, 6, **BY_HAND)], []),
        ([move(1, 0), move(2, 6, **BY_HAND), move(3, 7)], [3]),
        ([move(1, 0), move(2, 3), move(3, 6, action="rollback", **BY_HAND)], []),
        ([move(1, 0), move(2, 3, action="rollback", **BY_HAND), move(3, 6)], [3]),
    ],
    ids=["none", "first", "two", "passed", "override", "after it", "roll-back", "after that"],
)
def test_probation_ends_with_its_nights_and_with_what_a_person_or_a_roll_back_decides(
    moves: list[Entry], on: list[int]
) -> None:
    assert [entry.seq for entry in on_probation(moves, day(12), nights=8)] == on
