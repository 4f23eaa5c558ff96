"""What no night before had, and what is no surprise."""

from datetime import date, timedelta
from typing import Any

import pytest

from schemas.batch import Batch, Cleaned, ColumnProfile, Counts, Match
from schemas.monitoring import Fault
from tasks.core.unusual import faults_with, find_unusual

TONIGHT = date(2026, 3, 1)
FEATURES = ("price", "shop")


def profile(seed: int, distinct: int = 40) -> tuple[ColumnProfile, ...]:
    """Of a key, a number and a word."""
    quantiles = tuple(seed + mark / 7 for mark in range(7))
    return (
        ColumnProfile(column="sale", dtype="str", nulls=0, distinct=100),
        ColumnProfile(
            column="price", dtype="float64", nulls=0, distinct=distinct, quantiles=quantiles
        ),
        ColumnProfile(column="shop", dtype="str", nulls=0, distinct=3, top=(("a", 90), ("b", 10))),
    )


def night(back: int, **fields: Any) -> Batch:
    """A usual night so many nights before tonight, but for these fields."""
    kept = fields.pop("kept", 100)
    usual: dict[str, Any] = {
        "project": "sales",
        "as_of": TONIGHT - timedelta(days=back),
        "revision": 1,
        "id": str(back),
        "status": "accepted",
        "sentence": "",
        "files": (),
        "contract": "",
        "counts": Counts(read=kept, kept=kept, quarantined=0, deduplicated=0),
        "profile": profile(back),
        "cleaning": (Cleaned(step="Clip(x)", digest="c", before=kept, after=kept, changed=2),),
        "largest_gap_minutes": 60.0,
    }
    return Batch(**{**usual, **fields})


def kinds(batch: Batch, past: list[Batch]) -> list[tuple[str, str]]:
    """Kind and subject of all that is unusual."""
    return [(one.kind, one.subject) for one in find_unusual(batch, past, 0.15, FEATURES)]


PAST = [night(back) for back in range(28, 0, -1)]


def test_a_usual_night_has_nothing() -> None:
    assert kinds(night(0), PAST) == []


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"kept": 49}, [("row count", "")]),
        ({"kept": 50}, []),
        ({"kept": 200}, []),
        ({"kept": 201}, [("row count", "")]),
        ({"largest_gap_minutes": 121.0}, [("time gap", "")]),
        ({"largest_gap_minutes": 120.0}, []),
        ({"profile": profile(0, distinct=1)}, [("frozen column", "price")]),
        ({"profile": profile(3)}, [("duplicate night", "2026-02-26")]),
        ({"profile": profile(3), "kept": 99}, []),
        (
            {"cleaning": (Cleaned(step="Clip(x)", digest="c", before=100, after=90, changed=8),)},
            [("cleaning", "c")],
        ),
        (
            {"cleaning": (Cleaned(step="Clip(x)", digest="c", before=100, after=90, changed=6),)},
            [],
        ),
        (
            {"cleaning": (Cleaned(step="Clip(y)", digest="d", before=100, after=0, changed=0),)},
            [],
        ),
    ],
)
def test_beside_twenty_eight_nights(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert kinds(night(0, **fields), PAST) == found


def test_a_column_without_any_value_is_frozen_too() -> None:
    sale, _, shop = profile(0)
    empty = ColumnProfile(column="price", dtype="float64", nulls=100, distinct=0)
    [unusual] = find_unusual(night(0, profile=(sale, empty, shop)), PAST, 0.15, FEATURES)
    assert (unusual.kind, unusual.subject) == ("frozen column", "price")
    assert "has no value all night, never fewer than 40" in unusual.sentence


def test_a_column_that_was_ever_nearly_constant_is_not_frozen() -> None:
    past = [*PAST[:-1], night(1, profile=profile(1, distinct=4))]
    assert kinds(night(0, profile=profile(0, distinct=1)), past) == []


def test_thin_nights_are_not_frozen() -> None:
    past = [night(back, kept=19) for back in range(28, 0, -1)]
    assert kinds(night(0, profile=profile(0, distinct=1), kept=19), past) == []


def test_before_fourteen_nights_only_a_duplicate_is_named() -> None:
    tonight = night(0, kept=1, largest_gap_minutes=999.0, profile=profile(2), id="x")
    assert kinds(tonight, [night(2, kept=1)]) == [("duplicate night", "2026-02-27")]
    assert kinds(night(0, kept=1, largest_gap_minutes=999.0), PAST[:13]) == []


def test_columns_of_joined_tables_do_not_hide_a_duplicate() -> None:
    rate = ColumnProfile(column="rate", dtype="float64", nulls=0, distinct=9, quantiles=(1.0,) * 7)
    joined = (Match(name="rates", rows=100, matched=100, columns=("rate",)),)
    before = night(3, profile=(*profile(3), rate), matches=joined)
    newer = rate.model_copy(update={"quantiles": (2.0,) * 7})
    tonight = night(0, profile=(*profile(3), newer), matches=joined)
    assert kinds(tonight, [before]) == [("duplicate night", "2026-02-26")]


def test_a_column_that_no_model_sees_is_no_fault() -> None:
    tonight = night(0, profile=profile(0, distinct=1))
    assert find_unusual(tonight, PAST, 0.15, ("shop",)) == ()


def test_nights_of_few_values_are_alike_by_chance() -> None:
    assert (
        kinds(night(0, profile=profile(3, distinct=16)), [night(3, profile=profile(3, 16))]) == []
    )


def test_duplicates_and_frozen_columns_are_faults_and_the_rest_is_not() -> None:
    tonight = night(0, kept=40, profile=profile(0, distinct=1))
    unusual = find_unusual(tonight, PAST, 0.15, FEATURES)
    assert [one.kind for one in unusual] == ["frozen column", "row count"]
    [fault] = faults_with((), unusual)
    assert (fault.column, fault.kind, fault.share) == ("price", "frozen column", 1.0)
    nulls = Fault(column="price", kind="nulls", share=1.0, limit=0.2)
    assert faults_with((nulls,), unusual) == (nulls,), "one fault a column says enough"
