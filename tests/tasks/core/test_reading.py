"""A contract in plain Python types: whole numbers, flags and keys as files deliver them."""

import json
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from pandera.typing import Series

from schemas.contract import column
from tasks.core.checking import REASON, Checked, check_rows
from tasks.sources.delimited import parse_csv
from tasks.sources.formats import parse_json_lines


class Plain(pa.DataFrameModel):
    """Every plain type, and a check of the team's own that needs the declared one."""

    order: Series[int] = column("key", unique=True, ge=1)
    sold_at: Series[datetime] = column("time")
    pieces: Series["int64"] = column("feature", ge=0)  # type: ignore[name-defined]  # noqa: F821  # a dtype as a text
    rank: Series[pd.Int64Dtype] = column("feature", nullable=True)
    stars: Series[pa.UInt8] = column("feature")
    is_member: Series[bool] = column("feature")
    is_gift: Series[pd.BooleanDtype] = column("feature", nullable=True)
    weight: Series[np.float32] = column("feature")
    shop: Series[str] = column("feature")

    @pa.check("pieces")
    @classmethod
    def comes_by_the_pair(cls, pieces: "pd.Series[int]") -> "pd.Series[bool]":
        return (pieces & 1) == 0

    @pa.check("is_member")
    @classmethod
    def is_a_boolean(cls, is_member: "pd.Series[bool]") -> "pd.Series[bool]":
        return is_member | ~is_member


ROW: dict[str, Any] = {
    "order": 1,
    "sold_at": "2026-03-01T10:00:00Z",
    "pieces": 2,
    "rank": 3,
    "stars": 5,
    "is_member": True,
    "is_gift": False,
    "weight": 0.5,
    "shop": "east",
}


def deliver(*changes: dict[str, Any]) -> pd.DataFrame:
    """One order for each change of the usual row, every value as Python has it."""
    rows = [{**ROW, "order": number, **change} for number, change in enumerate(changes, 1)]
    return pd.DataFrame(rows, columns=list(ROW), dtype=object)


def as_csv(orders: pd.DataFrame) -> pd.DataFrame:
    return parse_csv(orders.to_csv(index=False).encode(), "f")


def as_json(orders: pd.DataFrame) -> pd.DataFrame:
    lines = [json.dumps(row) for row in orders.to_dict(orient="records")]
    return parse_json_lines("\n".join(lines).encode(), "f")


def as_typed(orders: pd.DataFrame) -> pd.DataFrame:
    """As Parquet has them: each column in the narrowest type that holds it."""
    return orders.infer_objects()


def check(orders: pd.DataFrame) -> Checked:
    return check_rows(orders, Plain, 1.0)


@pytest.mark.parametrize("form", [as_csv, as_json, as_typed])
def test_plain_types_are_kept_as_numbers_from_every_form_of_file(form: Any) -> None:
    checked = check(form(deliver({}, {"rank": None, "is_gift": None}, {"is_member": False})))
    assert (checked.refused, checked.counts.quarantined) == (None, 0)
    kept = checked.kept
    numbers = kept[["pieces", "rank", "stars", "is_member", "is_gift", "weight"]]
    assert set(numbers.dtypes) == {np.dtype(np.float64)}
    assert kept["order"].tolist() == [1, 2, 3]
    assert kept["is_member"].tolist() == [1.0, 1.0, 0.0]
    assert kept["rank"].isna().tolist() == kept["is_gift"].isna().tolist() == [False, True, False]
    assert str(kept["sold_at"].dt.tz) == "UTC"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"pieces": 2.5}, "pieces: not a whole number"),
        ({"pieces": "two"}, "pieces: not a whole number"),
        ({"pieces": 1e300}, "pieces: not a whole number"),
        ({"pieces": None}, "pieces: not_nullable"),
        ({"pieces": 3}, "pieces: comes_by_the_pair"),
        ({"pieces": -2}, "pieces: greater_than_or_equal_to(0)"),
        ({"stars": 256}, "stars: not a whole number"),
        ({"stars": -1}, "stars: not a whole number"),
        ({"is_member": 2}, "is_member: neither true nor false"),
        ({"is_member": "yes"}, "is_member: neither true nor false"),
        ({"is_member": None}, "is_member: not_nullable"),
        ({"is_gift": "maybe"}, "is_gift: neither true nor false"),
        ({"order": 1.5}, "order: not a whole number"),
        ({"order": 0}, "order: greater_than_or_equal_to(1)"),
        ({"order": None}, "order: not_nullable"),
    ],
)
@pytest.mark.parametrize("form", [as_csv, as_json])
def test_a_value_of_another_type_breaks_its_row_alone(
    form: Any, broken: dict[str, Any], reason: str
) -> None:
    checked = check(form(deliver({}, broken, {})))
    assert checked.refused is None
    assert checked.quarantine[REASON].tolist()[0].split("; ")[0] == reason
    assert checked.kept["order"].tolist() == [1, 3]
    [failure] = [found for found in checked.failures if found.check in reason]
    assert failure.rows == 1


@pytest.mark.parametrize("words", [("true", "false"), ("TRUE", "False"), ("1", "0"), (1.0, 0.0)])
def test_flags_are_true_and_false_in_any_case_and_1_and_0(words: tuple[object, object]) -> None:
    checked = check(deliver(*({"is_member": word} for word in words)))
    assert checked.kept["is_member"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize("form", [as_csv, as_json, as_typed])
def test_large_keys_stay_apart(form: Any) -> None:
    large = 2**53
    checked = check(form(deliver({"order": large}, {"order": large + 1})))
    assert checked.counts.kept == 2
    assert checked.kept["order"].tolist() == [large, large + 1]


def test_a_large_number_that_came_as_a_fraction_is_not_guessed_at() -> None:
    checked = check(as_csv(deliver({"order": 2**53 + 1}, {"order": "1.5"}, {"order": 2})))
    assert checked.kept["order"].tolist() == [2]
