"""Columns that are filled or changed only later, told from profiles and revisions."""

import numpy as np
import pandas as pd

from schemas.batch import Batch, ColumnProfile, Counts
from tasks.core.known_later import changed_shares, changed_since, filled_since
from tests.building.rows import day

ROWS = 40


def _batch(number: int, nulls: int = 0, distinct: int = 9, rows: int = ROWS) -> Batch:
    return Batch(
        project="shop",
        as_of=day(number),
        revision=1,
        id=str(number),
        status="accepted",
        sentence="",
        files=(),
        contract="",
        counts=Counts(read=rows, kept=rows, quarantined=0, deduplicated=0),
        profile=(ColumnProfile(column="wait", dtype="float64", nulls=nulls, distinct=distinct),),
    )


PAST = [_batch(number, nulls=number % 3) for number in range(20)]


def _found(past: list[Batch], fresh: list[Batch]) -> list[str]:
    return [alarm.column for alarm in filled_since(("wait", "amount"), past, fresh)]


def test_a_column_that_is_null_until_labels_come_is_named() -> None:
    assert _found(PAST, [_batch(20, nulls=ROWS)]) == ["wait"]
    assert _found(PAST, [_batch(20, nulls=ROWS), _batch(21)]) == []
    assert _found([_batch(n, nulls=30) for n in range(20)], [_batch(20, nulls=ROWS)]) == []


def test_a_column_that_is_constant_until_then_is_named_unless_it_often_is() -> None:
    assert _found(PAST, [_batch(20, distinct=1)]) == ["wait"]
    flags = [_batch(number, distinct=1 + number % 2) for number in range(20)]
    assert _found(flags, [_batch(20, distinct=1)]) == []


def test_too_few_rows_or_nights_tell_nothing() -> None:
    assert _found(PAST, []) == []
    assert _found(PAST, [_batch(20, nulls=5, rows=5)]) == []
    assert _found(PAST[:2], [_batch(20, nulls=ROWS)]) == []


def test_values_that_change_on_several_nights_are_a_habit_and_on_one_a_correction() -> None:
    [alarm] = changed_since({"wait": [1.0, 0.9, 1.0], "hour": [0, 0, 1.0], "income": [1.0]})
    assert (alarm.column, alarm.number) == ("wait", 1.0)


def test_rows_are_compared_by_key_and_a_null_is_no_change_of_a_null() -> None:
    first = pd.DataFrame({"key": list("abcd"), "x": [1, np.nan, np.nan, 4], "y": list("pqrs")})
    newest = pd.DataFrame({"key": list("dcbz"), "x": [4, 3, np.nan, 9], "y": list("srqz")})
    assert changed_shares(first, newest, "key", ("x", "y", "gone")) == {"x": 1 / 3, "y": 0}
    assert changed_shares(first, newest.tail(1), "key", ("x",)) == {}
