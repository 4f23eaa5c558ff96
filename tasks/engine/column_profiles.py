"""The columns of a batch in short, as its record tells them."""

import numpy as np
import pandas as pd

from schemas.batch import ColumnProfile

_MARKS = (0, 5, 25, 50, 75, 95, 100)


def profile(
    frame: pd.DataFrame, sensitive: frozenset[str], key: str | None = None
) -> tuple[ColumnProfile, ...]:
    """Each column in short; values of sensitive columns and of keys and times stay out."""
    return tuple(profile_column(frame[name], sensitive, key) for name in frame.columns)


def profile_column(values: pd.Series, sensitive: frozenset[str], key: str | None) -> ColumnProfile:
    """One column of them."""
    name = str(values.name)
    if name == key:
        return _profile_key(name, values)
    is_shown = name not in sensitive
    nulls, dtype = int(values.isna().sum()), str(values.dtype)
    if pd.api.types.is_float_dtype(values):
        ordered = np.sort(values.to_numpy())[: len(values) - nulls]  # nulls are sorted to the end
        distinct = int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(len(ordered))
        quantiles = _quantiles(ordered) if is_shown else ()
        return ColumnProfile(
            column=name, dtype=dtype, nulls=nulls, distinct=distinct, quantiles=quantiles
        )
    distinct = int(values.nunique())
    top = _top(values) if is_shown and distinct <= len(values) / 2 else ()
    return ColumnProfile(column=name, dtype=dtype, nulls=nulls, distinct=distinct, top=top)


def _quantiles(ordered: np.ndarray) -> tuple[float, ...]:
    if not len(ordered):
        return ()
    marks = np.percentile(ordered, _MARKS, method="nearest")
    return tuple(float(mark) for mark in marks)


def _top(values: pd.Series) -> tuple[tuple[str, int], ...]:
    if str(values.dtype) != "str":
        return ()
    counts = values.value_counts().head(5)
    return tuple((str(value), int(count)) for value, count in counts.items())


def _profile_key(name: str, values: pd.Series) -> ColumnProfile:
    """Kept keys are each there once: to count them was a tenth of a large night's time."""
    known, dtype = int(values.notna().sum()), str(values.dtype)
    return ColumnProfile(column=name, dtype=dtype, nulls=len(values) - known, distinct=known)
