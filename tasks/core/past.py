"""Looking back: what earlier nights had of each row's entity, from one small table a night.

Which nights a row may see is `tasks.engine.past`.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.past import PastNights
from tasks.core.reading import as_words

KEY, ROWS, TOTAL = "key", "rows", "total"
NO_NIGHTS = pd.DataFrame({KEY: pd.Series(dtype="str"), ROWS: [], TOTAL: []}).astype(
    {ROWS: np.float64, TOTAL: np.float64}
)
_BETWEEN = "\x1f"


def summarise_night(rows: pd.DataFrame, one: PastNights) -> pd.DataFrame:
    """One night in short: an entity a row, how many values it had, and their sum.

    `rows` has the columns that are looked at. Entities are in order, so that equal rows in
    any order give equal tables but for the last bit of a sum.
    """
    values = pd.Series(1.0, rows.index) if one.of is None else rows[one.of].astype(np.float64)
    keys = entities(rows, one.by)
    is_known = keys.notna() & values.notna()
    grouped = values[is_known].groupby(keys[is_known], sort=True)
    found = pd.DataFrame({ROWS: grouped.size(), TOTAL: grouped.sum()})
    return found.rename_axis(KEY).reset_index().astype({KEY: "str", ROWS: np.float64})


def look_back(rows: pd.DataFrame, one: PastNights, seen: pd.DataFrame) -> npt.NDArray[np.float64]:
    """The column: one float64 a row.

    `seen` are tables of `summarise_night` one below the other, the oldest night first.
    """
    keys = entities(rows, one.by)
    if seen.empty:
        return np.where(keys.notna(), 0.0 if one.statistic == "count" else np.nan, np.nan)
    if one.statistic == "last":
        seen = seen.drop_duplicates(KEY, keep="last")
    codes, known = pd.factorize(seen[KEY])
    counts = np.bincount(codes, seen[ROWS], len(known))
    totals = np.bincount(codes, seen[TOTAL], len(known))
    at = pd.Index(known).get_indexer(pd.Index(keys))
    if one.statistic == "count":
        return np.where(at >= 0, counts[at], np.where(keys.notna(), 0.0, np.nan))
    with np.errstate(invalid="ignore", divide="ignore"):
        means = totals / counts
    return np.where(at >= 0, means[at], np.nan)


def entities(rows: pd.DataFrame, by: Sequence[str]) -> "pd.Series[str]":
    """The entity of each row as one text; null where a column of it is."""
    keys = pd.Series("", rows.index, "str")
    for position, name in enumerate(by):
        words = as_words(rows[name])
        keys = words if position == 0 else keys + _BETWEEN + words
    return keys
