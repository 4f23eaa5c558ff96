"""Values of several types in one column: stacked as they are, and the same again out of a file."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.core.mixed import as_texts, from_texts, stack
from tasks.engine.frames import load_frame, save_frame
from tasks.store import Store, open_store

VALUES = st.one_of(
    *(st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.text(max_size=5)),
    st.floats(allow_nan=False),
    st.sampled_from(["\ud800", "1.0", "null", '"', "=x", "a\0b", ""]),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return open_store((tmp_path / "store").as_uri(), tmp_path / "cache")


@settings(max_examples=100, deadline=None)
@given(st.lists(VALUES, max_size=6))
def test_any_mixture_of_json_values_comes_back_value_by_value(values: list[Any]) -> None:
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    plain, names = as_texts(frame)
    read = from_texts(plain, names)["x"].astype(object)
    back = [None if pd.isna(value) else value for value in read]
    assert [(type(one), one) for one in back] == [(type(one), one) for one in values]


def test_a_stored_frame_is_the_frame_that_was_stored(store: Store) -> None:
    frame = pd.DataFrame(
        {
            "mixed": pd.Series([12, "abc", None], dtype=object),
            "large": pd.Series([2**70, 1, None], dtype=object),
            "text": ["0012", "NA", None],
            "number": [1, 2, 3],
            "time": pd.to_datetime(["2024-01-01", "", "2024-01-02"], utc=True),
            "category": pd.Categorical(["a", None, "b"]),
            "half a letter": pd.Series(["\ud800", "x", "y"], dtype=object),
        }
    )
    read = load_frame(store, save_frame(store, "shop", frame))
    pd.testing.assert_frame_equal(read, frame)
    assert load_frame(store, save_frame(store, "shop", frame), ["mixed"])["mixed"][0] == 12
    assert save_frame(store, "shop", read) == save_frame(store, "shop", frame)


def test_what_json_has_no_word_for_is_there_as_it_is_written(store: Store) -> None:
    values = [
        date(2024, 1, 2),
        pd.Timestamp("2024-01-02 07:00"),
        Decimal("1.50"),
        b"x",
        np.arange(2),
    ]
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    read = load_frame(store, save_frame(store, "shop", frame))["x"].tolist()
    assert read == ["2024-01-02", "2024-01-02 07:00:00", "1.50", "b'x'", [0, 1]]


def test_a_type_that_no_file_has_is_written_as_text(store: Store) -> None:
    frame = pd.DataFrame({"x": [1 + 2j], "y": pd.arrays.SparseArray([1.0])})
    read = load_frame(store, save_frame(store, "shop", frame))
    assert read["x"].tolist() == ["(1+2j)"]


def test_stacking_changes_no_value() -> None:
    first = pd.DataFrame({"a": [1.0], "b": ["x"], "c": [7]})
    second = pd.DataFrame({"a": ["1.0"], "b": ["y"], "d": [2**60 + 1]})
    stacked = stack([first, second])
    assert stacked["a"].tolist() == [1.0, "1.0"]
    assert str(stacked["b"].dtype) == "str"
    assert (stacked["c"][0], stacked["d"][1]) == (7, 2**60 + 1)
    assert (pd.isna(stacked["c"][1]), pd.isna(stacked["d"][0])) == (True, True)
