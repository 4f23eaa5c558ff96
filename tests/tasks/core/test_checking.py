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
from tasks.core.checking import REASON, WITH_THE_BATCH, check_rows
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


def test_a_quarantined_row_is_what_was_delivered_with_columns_that_are_in_no_contract() -> None:
    orders = build_orders(1).astype({"hour": object}).assign(note="by hand")
    orders.loc[3, "hour"] = "abc"
    checked = check_rows(orders, Orders, 0.05)
    assert checked.quarantine.drop(columns=REASON).iloc[0].to_dict() == orders.loc[3].to_dict()
    assert list(np.flatnonzero(~checked.is_kept)) == [3]
    assert "note" not in checked.kept


def test_of_a_refused_batch_every_row_is_set_aside_and_none_is_called_kept() -> None:
    orders = build_orders(1, rows=20)
    orders.loc[:2, "hour"] = 99
    checked = check_rows(pd.concat([orders, orders.tail(1)]), Orders, 0.05)
    counts = checked.counts
    assert (counts.kept, counts.quarantined, counts.deduplicated) == (0, 20, 1)
    assert checked.kept.empty
    reasons = checked.quarantine[REASON].tolist()
    assert reasons == ["hour: less_than_or_equal_to(23)"] * 3 + [WITH_THE_BATCH] * 17


def test_a_failure_tells_of_its_column_and_has_no_value_of_a_sensitive_one() -> None:
    orders = build_orders(1).astype({"income": object, "hour": object})
    orders.loc[3, ["income", "hour"]] = ["confidential", "noon"]
    found = {failure.column: failure for failure in check_rows(orders, Orders, 0.05).failures}
    assert (found["income"].sensitive, found["income"].examples) == (True, ())
    assert (found["hour"].sensitive, found["hour"].examples) == (False, ("noon",))
    assert (found["hour"].meaning, found["hour"].owner) == ("hour of the order", "the web shop")


def test_the_reasons_of_an_earlier_quarantine_are_no_column_of_a_delivery() -> None:
    orders = build_orders(1).assign(**{REASON: "hour: not a number"})
    orders.loc[3, "hour"] = 99
    checked = check_rows(orders, Orders, 0.05)
    assert checked.quarantine[REASON].tolist() == ["hour: less_than_or_equal_to(23)"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        pytest.param("amount", 10**400, "amount: infinite", id="a large number"),
        pytest.param("amount", -(10**400), "amount: infinite", id="a large negative number"),
        ("amount", "1e400", "amount: infinite"),
        ("hour", True, None),
        pytest.param("shop", 10**400, None, id="a large number is a word"),
        ("shop", "half \ud800", "shop: not a word"),
        ("row_key", "\udfff", "row_key: not a word"),
        ("event_time", "\ud800", "event_time: not a time"),
        ("wait", "\ud800", "wait: not a number"),
    ],
)
def test_what_json_may_hold_and_no_column_breaks_its_row(
    column: str, value: object, said: str | None
) -> None:
    orders = build_orders(1)
    values = orders[column].astype(object).to_list()
    orders[column] = pd.Series([*values[:3], value, *values[4:]], dtype=object)
    checked = check_rows(orders, Orders, 0.05)
    assert checked.refused is None
    said_of = checked.quarantine[REASON]
    assert [r.split(" with")[0] for r in said_of] == ([said] if said else [])
