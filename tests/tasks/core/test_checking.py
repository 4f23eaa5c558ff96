"""Proof against the contract: rows are conserved, and what is wrong with a table refuses it."""

from datetime import datetime
from typing import Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandera.typing import Series

from schemas.contract import column
from tasks.core.checking import REASON, check_rows
from tests.building.contract import Orders, OrdersByTheClock
from tests.building.rows import build_orders

SPOILERS = ("hour", "wait", "event_time", "row_key", "again", "torn")


class OrdersByCategory(Orders):
    """A contract whose column no delivery has as it declares it."""

    size: Series[pa.Category] = column("feature")


class OrdersToTheNanosecond(Orders):
    """A contract that types its time as Python does."""

    event_time: Series[datetime] = column("time")


def spoil(orders: pd.DataFrame, row: int, how: str) -> pd.DataFrame:
    """The frame with one row broken, repeated, or repeated with a difference."""
    if how in ("again", "torn"):
        copy = orders.iloc[[row]]
        return pd.concat([orders, copy.assign(wait=77.0) if how == "torn" else copy])
    broken = {"hour": 99, "wait": -1, "event_time": "soon", "row_key": None}[how]
    values = orders[how].astype("object").to_list()
    return orders.assign(**{how: [*values[:row], broken, *values[row + 1 :]]})


@settings(max_examples=40, deadline=None)
@example([(0, "event_time"), (0, "again")])
@given(st.lists(st.tuples(st.integers(0, 19), st.sampled_from(SPOILERS)), max_size=8))
def test_rows_are_conserved_whatever_is_wrong_with_them(spoilers: list[tuple[int, str]]) -> None:
    orders = build_orders(1, rows=20)
    for row, how in spoilers:
        orders = spoil(orders, row, how)
    checked = check_rows(orders, Orders, quarantine_limit=1.0)
    counts = checked.counts
    assert counts.read == len(orders) == counts.kept + counts.quarantined + counts.deduplicated
    assert (len(checked.kept), len(checked.quarantine)) == (counts.kept, counts.quarantined)
    assert checked.kept["row_key"].is_unique
    assert checked.kept["hour"].between(0, 23).all()
    assert checked.quarantine[REASON].ne("").all()
    assert (checked.refused is None) == (counts.kept > 0)


def test_a_table_that_cannot_be_as_declared_is_refused_beside_rows_that_are_left_out() -> None:
    orders = build_orders(1).assign(size="small")
    checked = check_rows(pd.concat([orders, orders.tail(1)]), OrdersByCategory, 1.0)
    assert checked.counts.deduplicated == 1
    assert checked.refused is not None
    assert "size: dtype('category')" in checked.refused


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_any_unit_are_read_in_the_contracts(unit: Literal["s", "ms", "us", "ns"]) -> None:
    orders = build_orders(1)
    times = pd.to_datetime(orders["event_time"], utc=True).dt.as_unit(unit)
    checked = check_rows(orders.assign(event_time=times), Orders, 0.0)
    assert checked.refused is None
    assert str(checked.kept["event_time"].dtype) == "datetime64[us, UTC]"


@pytest.mark.parametrize("text", ["soon", "01/02/2026", "2026-02-30", "12"])
def test_texts_that_are_no_iso_time_are_not_guessed_at(text: str) -> None:
    checked = check_rows(build_orders(1).assign(event_time=text), Orders, 0.05)
    assert checked.refused is not None
    assert "not a time" in checked.refused


def test_times_without_a_zone_break_their_rows_where_the_contract_names_none() -> None:
    orders = build_orders(1)
    orders.loc[3, "event_time"] = "2024-01-02 00:03:00"
    checked = check_rows(orders, Orders, 0.05)
    reason = "event_time: not a time with a zone, and the contract names none"
    assert checked.quarantine[REASON].tolist() == [reason]
    assert checked.failures[0].examples == ("2024-01-02 00:03:00",)


def test_times_without_a_zone_are_read_by_the_clock_that_the_contract_names() -> None:
    written = {0: "2024-01-02 00:03", 1: "2024-03-10 02:30", 2: "2024-11-03 01:30"}
    orders = build_orders(1)
    orders["event_time"] = orders["event_time"].astype(object)
    for row, text in written.items():
        orders.loc[row, "event_time"] = text
    checked = check_rows(orders, OrdersByTheClock, 0.0)
    assert checked.refused is None
    assert [str(instant) for instant in checked.kept["event_time"].head(4)] == [
        "2024-01-02 05:03:00+00:00",
        "2024-03-10 07:30:00+00:00",  # skipped: the clock jumped, and reads 3:30 then
        "2024-11-03 05:30:00+00:00",  # comes twice: the first
        "2024-01-02 00:03:00+00:00",  # says itself that it is UTC
    ]


def test_a_time_that_the_contracts_unit_has_no_room_for_breaks_its_row() -> None:
    orders = build_orders(1)
    orders.loc[3, "event_time"] = "9999-12-31T00:00:00Z"
    checked = check_rows(orders, OrdersToTheNanosecond, 0.05)
    assert (checked.refused, checked.counts.quarantined) == (None, 1)
    assert checked.failures[0].column == "event_time"


def test_a_file_without_a_byte_lacks_no_column_in_particular() -> None:
    checked = check_rows(pd.DataFrame(), Orders, 0.0)
    assert (checked.refused, checked.counts.read, list(checked.failures)) == (None, 0, [])


def test_equal_rows_under_one_key_count_once_and_differing_ones_not_at_all() -> None:
    orders = build_orders(1, rows=20)
    twice, torn = orders.iloc[[3]], orders.iloc[[4]].assign(wait=77.0)
    checked = check_rows(pd.concat([orders, twice, twice, torn]), Orders, 0.5)
    assert (checked.counts.kept, checked.counts.quarantined) == (19, 2)
    assert checked.counts.deduplicated == 2
    assert set(checked.quarantine["row_key"]) == set(torn["row_key"])


def test_infinite_numbers_are_broken_rows() -> None:
    orders = build_orders(1)
    orders.loc[0, "amount"] = np.inf
    checked = check_rows(orders, Orders, 0.05)
    assert checked.quarantine[REASON].tolist() == ["amount: infinite"]
