"""What a column holds: numbers, flags, times or words, and which values stand for "unknown".

Reading values is `tasks.core.reading`, so that a column is guessed as it will be read.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pandas.api import types

from tasks.core.local_time import read_times
from tasks.core.reading import Kind, as_flags, as_numbers, as_words
from tasks.inferring.sentinels import Sentinels, among_numbers, among_words, are_unknown

_READABLE = 0.97
_TIME = r"\d{4}-?\d\d-?\d\d"


@dataclass(frozen=True, eq=False)
class Seen:
    """A column as it was read: sentinels that are evident, and what cannot be read, are null."""

    name: str
    kind: Kind
    values: pd.Series
    sentinels: Sentinels = field(default_factory=Sentinels)
    unreadable: int = 0

    @property
    def nulls(self) -> float:
        """Share of rows without a value."""
        return float(self.values.isna().mean()) if len(self.values) else 0.0

    @property
    def distinct(self) -> int:
        """How many values it has."""
        return int(self.values.nunique())


def see(name: str, values: pd.Series, zone: str) -> Seen:
    """The column as what nearly all of its values are; times that name no zone are of `zone`."""
    if types.is_datetime64_any_dtype(values):
        return Seen(name, "time", read_times(values, zone))
    if types.is_bool_dtype(values):
        return Seen(name, "flag", as_flags(values))
    if types.is_numeric_dtype(values):
        return _see_numbers(name, as_numbers(values), types.is_integer_dtype(values), Sentinels())
    return _see_texts(name, values, zone)


def _see_texts(name: str, values: pd.Series, zone: str) -> Seen:
    numbers = as_numbers(values)
    if numbers.notna().equals(values.notna()) and numbers.notna().any():  # most columns, and quick
        return _see_digits(name, values, numbers, Sentinels())
    words = as_words(values)
    stripped = words.str.strip()
    stripped = stripped.mask(stripped == "")
    unknown = are_unknown(stripped)
    known = stripped.mask(unknown)
    there = int(known.notna().sum())
    if not there:
        return Seen(name, "word", words.mask(unknown), among_words(stripped[unknown]))
    said = tuple(sorted(set(stripped[unknown])))
    numbers = as_numbers(known)
    if _is_most(numbers, there):
        lost = there - int(numbers.notna().sum())
        return _see_digits(name, known, numbers, Sentinels(said), lost)
    flags = as_flags(known)
    if _is_most(flags, there):
        return Seen(name, "flag", flags, Sentinels(said), there - int(flags.notna().sum()))
    if known.str.match(_TIME).fillna(False).mean() > 0:
        times = read_times(known, zone)
        if _is_most(times, there):
            return Seen(name, "time", times, Sentinels(said), there - int(times.notna().sum()))
    found = among_words(stripped[unknown])
    return Seen(name, "word", words.mask(stripped.isna() | stripped.isin(found.evident)), found)


def _see_digits(
    name: str, values: pd.Series, numbers: "pd.Series[float]", words: Sentinels, lost: int = 0
) -> Seen:
    """Texts that are numbers; `0012` is no number but a code, and stays a word."""
    texts = as_words(values)
    if texts.str.match(r"\s*0\d").fillna(False).any():
        return Seen(name, "word", texts, words)
    # a workbook has no whole numbers, only floats
    is_whole = values.dtype == object and bool((numbers.dropna() % 1 == 0).all())
    is_whole = is_whole or not texts.str.contains(r"[.eE]", na=False).any()
    return _see_numbers(name, numbers, is_whole, words, lost)


def _is_most(read: pd.Series, there: int) -> bool:
    return int(read.notna().sum()) >= _READABLE * there


def _see_numbers(
    name: str, numbers: "pd.Series[float]", is_whole: bool, words: Sentinels, lost: int = 0
) -> Seen:
    numbers = numbers.where(np.isfinite(numbers))
    found = among_numbers(numbers)
    known = numbers.mask(numbers.isin([v for v in found.evident if not isinstance(v, str)]))
    sentinels = Sentinels((*found.evident, *words.evident), found.suspected)
    if set(known.dropna().unique()) == {0.0, 1.0}:
        return Seen(name, "flag", known, sentinels, lost)
    kind: Kind = "whole number" if is_whole and known.notna().any() else "number"
    return Seen(name, kind, known, sentinels, lost)
