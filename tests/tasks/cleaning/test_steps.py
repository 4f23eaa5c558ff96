"""What each cleaning step makes of which values."""

from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from schemas.cleaning import CleaningStep
from tasks.cleaning.clip import Clip
from tasks.cleaning.convert_unit import ConvertUnit
from tasks.cleaning.drop_outside import DropOutside
from tasks.cleaning.fill_default import FillDefault
from tasks.cleaning.keep_one import KeepOne
from tasks.cleaning.normalise_words import NormaliseWords
from tasks.cleaning.null_sentinels import NullSentinels
from tasks.cleaning.rename import Rename


def clean(step: CleaningStep, values: list[Any]) -> list[Any]:
    """The values of a column `x` after the step, null as None."""
    made = step.clean(pd.DataFrame({"x": values}))
    return [None if pd.isna(value) else value for value in made["x"]]


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        (NullSentinels(columns=("x",), values=(0,)), [0.0, 280.1, None], [None, 280.1, None]),
        (NullSentinels(columns=("x",), values=(0,)), ["0", "0.00", "00x"], [None, None, "00x"]),
        (NullSentinels(columns=("x",), values=("n/a",)), ["n/a ", "a"], [None, "a"]),
        (ConvertUnit(column="x", factor=0.5, offset=1), ["4", "warm", None], [3.0, "warm", None]),
        (ConvertUnit(column="x", factor=0.5), [4, 6], [2.0, 3.0]),
        (Clip(column="x", low=0), [-1.0, 2.0, None], [0.0, 2.0, None]),
        (Clip(column="x", high=1), ["-1", "2", "x"], [-1.0, 1.0, "x"]),
        (DropOutside(column="x", high=300), [9831.3, 300.0, None], [300.0, None]),
        (DropOutside(column="x", low=0), ["-1", "0", "warm"], ["0", "warm"]),
        (NormaliseWords(columns=("x",)), [" a", "A\t", " "], ["a", "A", None]),
        (
            NormaliseWords(columns=("x",), case="upper", synonyms={"N.": "N"}),
            ["n.", " n", "s"],
            ["N", "N", "S"],
        ),
        (KeepOne(by=("x",), keep="first"), ["a", "b", "a", None, None], ["a", "b", None, None]),
    ],
)
def test_values_become(step: CleaningStep, before: list[Any], after: list[Any]) -> None:
    assert clean(step, before) == after


@pytest.mark.parametrize(
    ("keep", "order", "kept"),
    [("first", None, [0, 2]), ("last", None, [1, 2]), ("last", "corrected", [0, 2])],
)
def test_which_of_several_rows_stays_is_declared(
    keep: Any, order: str | None, kept: list[int]
) -> None:
    frame = pd.DataFrame({"x": ["a", "a", "b"], "corrected": ["2026-03-02", "2026-03-01", ""]})
    step = KeepOne(by=("x",), keep=keep, in_order_of=order)
    assert list(step.clean(frame).index) == kept


def test_a_renamed_column_never_hides_one_that_is_there() -> None:
    step = Rename(columns={"old": "x"})
    assert list(step.clean(pd.DataFrame({"old": [1]})).columns) == ["x"]
    assert list(step.clean(pd.DataFrame({"old": [1], "x": [2]})).columns) == ["old", "x"]


def test_a_default_is_for_tables_without_the_column_not_for_gaps() -> None:
    step = FillDefault(column="x", value=0)
    assert clean(step, [None, 1.0]) == [None, 1.0]
    assert list(step.clean(pd.DataFrame({"y": [1, 2]}))["x"]) == [0, 0]


def test_a_clip_without_limits_is_refused() -> None:
    with pytest.raises(ValidationError, match="give low, high or both"):
        Clip(column="x")
