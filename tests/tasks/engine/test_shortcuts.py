"""Shortcuts taken for speed give what the plain way gives: profiles, joins, reasons, reading."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from schemas.errors import Damaged
from tasks.core.checking import REASON, check_rows
from tasks.engine.column_profiles import profile
from tasks.engine.frames import load_frame, save_frame
from tasks.engine.usable import _join
from tasks.store import open_store
from tests.building.contract import Orders
from tests.building.rows import build_labels, build_orders

MARKS = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]


@pytest.mark.parametrize("rows", [0, 1, 2, 7, 40, 501])
@pytest.mark.parametrize("nulls", [0, 1, 1000])
def test_profile_of_numbers_is_what_pandas_counts(rows: int, nulls: int) -> None:
    draw = np.random.default_rng(rows)
    values = pd.Series(draw.normal(size=rows).round(1))
    values.iloc[:nulls] = np.nan
    (column,) = profile(pd.DataFrame({"x": values}), frozenset())
    known = values.dropna()
    marks = known.quantile(MARKS, interpolation="nearest") if len(known) else ()
    assert column.quantiles == tuple(marks)
    assert (column.nulls, column.distinct) == (rows - len(known), known.nunique())


def test_profile_of_a_sensitive_column_shows_no_value() -> None:
    (column,) = profile(pd.DataFrame({"x": [1.0, 2.0]}), frozenset({"x"}))
    assert (column.distinct, column.quantiles, column.top) == (2, (), ())


@pytest.mark.parametrize("lost", [0, 3, 40])
def test_join_is_an_inner_merge(lost: int) -> None:
    rows = build_orders(0)
    labels = build_labels(0, rows).iloc[lost:].sample(frac=1, random_state=1)
    expected = rows.merge(labels, on="row_key", how="inner", validate="1:1")
    pd.testing.assert_frame_equal(_join(rows, labels, "row_key", "returned"), expected)


def test_a_broken_row_tells_all_its_reasons_and_sound_rows_tell_none() -> None:
    rows = build_orders(0).astype({"hour": object, "wait": object})
    rows.loc[4, ["hour", "wait"]] = [99.0, -1.0]
    rows.loc[7, "hour"] = "noon"
    checked = check_rows(rows, Orders, 1.0)
    assert checked.quarantine[REASON].tolist() == [
        "hour: less_than_or_equal_to(23); wait: greater_than_or_equal_to(0)",
        "hour: not a number",
    ]
    assert len(checked.kept) == len(rows) - 2


def test_a_stored_frame_without_a_column_that_is_asked_for_is_damaged(tmp_path: Path) -> None:
    store = open_store((tmp_path / "store").as_uri(), tmp_path / "cache")
    ref = save_frame(store, "shop", build_orders(0))
    assert list(load_frame(store, ref, ["row_key"])) == ["row_key"]
    with pytest.raises(Damaged, match="not the Parquet table"):
        load_frame(store, ref, ["price"])
