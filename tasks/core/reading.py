"""Delivered values as the type that the contract declares; what cannot be read so becomes null.

Which rows that breaks is `tasks.core.checking`.
"""

import math
from typing import Literal, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandera import dtypes
from pandera.api.pandas.components import Column

from schemas.contract import is_category, role_of, zone_of
from tasks.core.local_time import is_text, read_times

Kind = Literal["word", "time", "number", "whole number", "flag"]

_MADE = (dtypes.is_string, dtypes.is_datetime, dtypes.is_float, dtypes.is_int, dtypes.is_bool)
_NUMBER = r"(?i)^[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf|infinity|nan)$"
_FLAGS = {"true": 1.0, "false": 0.0}
_NULLABLE = {"whole number": "Int64", "flag": "boolean"}
# From here on a float stands for several whole numbers.
_INEXACT = 2.0**53
_LARGEST = int(np.finfo(np.float64).max)
_NANOSECONDS = pd.Timestamp("1678-01-01", tz="UTC"), pd.Timestamp("2262-01-01", tz="UTC")
_MICROSECONDS = pd.Timestamp("0001-01-01", tz="UTC"), pd.Timestamp("9999-12-31 23:59:59", tz="UTC")
_UNREADABLE: dict[Kind, str] = {
    "word": "not a word",
    "time": "not a time",
    "number": "not a number",
    "whole number": "not a whole number",
    "flag": "neither true nor false",
}


def kind_of(column: Column) -> Kind:
    """What a column holds, whatever its dtype is called."""
    if is_category(column):
        return "word"
    if dtypes.is_datetime(column.dtype):
        return "time"
    if dtypes.is_bool(column.dtype):
        return "flag"
    return "whole number" if dtypes.is_int(column.dtype) else "number"


def what_is_unreadable(column: Column) -> str:
    """What is said of a value that cannot be read as the column's type."""
    if kind_of(column) == "time" and zone_of(column) is None:
        return "not a time with a zone, and the contract names none"
    return _UNREADABLE[kind_of(column)]


def is_made(column: Column) -> bool:
    """Whether `read_column` makes what the column's dtype asks for: nobody need check it again."""
    return any(is_of(column.dtype) for is_of in _MADE)


def read_column(values: pd.Series, column: Column) -> pd.Series:
    """Words as str, times as UTC instants, everything else as float64: features are numbers.

    Only a key keeps its whole numbers as Int64, since float64 would make large ones equal.
    """
    match kind_of(column):
        case "word":
            return as_words(values)
        case "time":
            return _as_times(values, column)
        case "flag":
            return as_flags(values)
        case "whole number":
            whole = _within(as_whole_numbers(values), cast(dtypes.Int, column.dtype))
            return whole if role_of(column) == "key" else whole.astype(np.float64)
        case "number":
            return as_numbers(values)


def as_words(values: pd.Series) -> pd.Series:
    """Texts as they are, anything else as it is written."""
    if str(values.dtype) == "str":
        return values
    values = _spelled(values)
    return values.astype("str").where(values.notna())


def as_numbers(values: pd.Series) -> pd.Series:
    """Numbers as float64, from numbers and from texts."""
    if values.dtype == np.float64:
        return values
    if str(values.dtype) == "str":
        return _numbers_of_texts(values)
    return pd.to_numeric(_bounded(values), errors="coerce").astype(np.float64)


def _numbers_of_texts(values: "pd.Series[str]") -> "pd.Series[float]":
    """Each text as the float nearest to it, which pandas misses by a bit on every third."""
    texts = pa.array(values, pa.large_string(), from_pandas=True)
    try:
        numbers = texts.cast(pa.float64())
    except pa.ArrowInvalid:  # one is no number: null in its place
        trimmed = pc.utf8_trim_whitespace(texts)
        is_number = pc.match_substring_regex(trimmed, _NUMBER)
        numbers = pc.if_else(is_number, trimmed, None).cast(pa.float64())
    floats = numbers.to_numpy(zero_copy_only=False)
    return pd.Series(floats, values.index, name=values.name, copy=False)


def as_flags(values: pd.Series) -> pd.Series:
    """True and false as 1 and 0, from booleans, from 0 and 1, from the words in any case."""
    values = _spelled(values)
    numbers = as_numbers(values)
    if is_text(values):
        numbers = numbers.fillna(values.astype("str").str.lower().map(_FLAGS))
    return numbers.where(numbers.isin((0.0, 1.0)))


def as_whole_numbers(values: pd.Series) -> pd.Series:
    """Whole numbers as Int64: `3.0` is one, `3.5` is not."""
    numbers = pd.to_numeric(_bounded(values), errors="coerce", dtype_backend="numpy_nullable")
    if numbers.dtype == "Int64":
        return numbers
    floats = numbers.astype(np.float64)
    is_whole = (floats == np.floor(floats)) & (floats.abs() < _INEXACT)
    return floats.where(is_whole).astype("Int64")


def as_declared(frame: pd.DataFrame, columns: dict[str, Column]) -> pd.DataFrame:
    """The frame with whole numbers and flags in the dtype that a team's own checks expect.

    A column with nulls takes the dtype of pandas that has room for them.
    """
    declared = {}
    for name, column in columns.items():
        if nullable := _NULLABLE.get(kind_of(column)):
            has_nulls = bool(frame[name].isna().any())
            declared[name] = nullable if has_nulls else str(column.dtype)
    return frame.astype(declared) if declared else frame.copy(deep=False)


def _spelled(values: pd.Series) -> pd.Series:
    """Null in place of texts with half a letter, which JSON may hold and no column does."""
    if values.dtype != object:
        return values
    whole = [value if _is_whole(value) else None for value in values]
    return pd.Series(whole, values.index, object)


def _is_whole(value: object) -> bool:
    try:
        if isinstance(value, str):
            value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bounded(values: pd.Series) -> pd.Series:
    """Infinity in place of whole numbers that no float has room for, likewise of JSON."""
    if values.dtype != object:
        return values
    bounded = [
        (-math.inf if value < 0 else math.inf)
        if isinstance(value, int) and abs(value) > _LARGEST
        else value
        for value in values
    ]
    return pd.Series(bounded, values.index, object)


def _within(values: pd.Series, dtype: dtypes.Int) -> pd.Series:
    """Nulls in place of what is out of the dtype's range."""
    highest = 2 ** (dtype.bit_width - dtype.signed) - 1
    return values.where(values.between(-highest - 1 if dtype.signed else 0, highest))


def _as_times(values: pd.Series, column: Column) -> "pd.Series[pd.Timestamp]":
    """UTC instants in the contract's unit, which no file need have; null where it has no room."""
    unit: Literal["s", "ms", "us", "ns"] = getattr(column.dtype, "unit", None) or "us"
    first, last = _NANOSECONDS if unit == "ns" else _MICROSECONDS
    times = read_times(_spelled(values), zone_of(column))
    return times.where(times.between(first, last)).dt.as_unit(unit)
