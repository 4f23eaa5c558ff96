"""Columns of another table for each row, exactly or as known at its time. No files, no nights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schemas.errors import DataUnreadable
from tasks.core.local_time import read_times
from tasks.core.reading import as_words

_KEY, _AT, _PLACE = "key", "at", "place"
_BETWEEN = "\x1f"
_NEXT_STEP = "have it delivered again, or correct the join"


@dataclass(frozen=True)
class NewestBefore:
    """A match by time too: of the rows known less than `max_age_minutes` before, the newest."""

    time: str
    known_at: str
    zone: str | None
    max_age_minutes: float | None


def merge(
    rows: pd.DataFrame,
    other: pd.DataFrame | None,
    on: Sequence[str],
    added: Mapping[str, str],
    name: str,
    newest: NewestBefore | None = None,
) -> tuple[pd.DataFrame, int]:
    """The rows, in their order, with columns of `other` under the names in `added`; and matches.

    Without a table, or without the rows' side of the join, its columns are null. A column that the
    table lacks is not added: the contract says what is missing.

    Raises:
        DataUnreadable: `other` lacks a column to join on or has a key twice, or the rows have a
            column of such a name already.
    """
    if taken := sorted(set(added.values()) & set(rows.columns)):
        raise DataUnreadable(f"{name}: columns {taken} are in the rows already; give a prefix")
    if not len(rows.columns):  # a file of 0 bytes
        return rows, 0
    of_rows = {*on, newest.time} if newest else set(on)
    if other is None or not of_rows <= set(rows.columns):
        return rows.assign(**dict.fromkeys(added.values())), 0
    of_other = {*on, newest.known_at} if newest else set(on)
    if missing := sorted(of_other - set(other.columns)):
        there = ", ".join(map(ascii, other.columns[:20]))
        raise DataUnreadable(f"{name}: no column {missing} to join on, only {there}; {_NEXT_STEP}")
    places = _newest(rows, other, on, newest, name) if newest else _equal(rows, other, on, name)
    given = other[[column for column in added if column in other]].reset_index(drop=True)
    found = given.reindex(places).set_axis(rows.index).rename(columns=dict(added))
    return pd.concat([rows, found], axis=1), int((places >= 0).sum())


def _equal(
    rows: pd.DataFrame, other: pd.DataFrame, on: Sequence[str], name: str
) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """The place in `other` of each row's key, -1 where there is none."""
    known = _keys(other, on)
    known = known[known.notna()]
    _refuse_repeated(known.duplicated(), other, on, name)
    at = pd.Index(known).get_indexer(pd.Index(_keys(rows, on)))
    return np.where(at < 0, -1, known.index.to_numpy()[at] if len(known) else -1)


def _newest(
    rows: pd.DataFrame, other: pd.DataFrame, on: Sequence[str], newest: NewestBefore, name: str
) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """The place in `other` of the newest row known at each row's time, -1 where there is none."""
    asked = _dated(rows, on, newest.time, newest.zone)
    known = _dated(other, on, newest.known_at, newest.zone)
    _refuse_repeated(known.duplicated([_KEY, _AT]), other, (*on, newest.known_at), name)
    age = newest.max_age_minutes
    matched = pd.merge_asof(
        asked.rename(columns={_PLACE: "row"}).sort_values(_AT, kind="stable"),
        known.sort_values(_AT, kind="stable"),
        on=_AT,
        by=_KEY,
        # the limit itself counts no more
        tolerance=None if age is None else pd.Timedelta(minutes=age) - pd.Timedelta(1, "us"),
    ).dropna(subset=[_PLACE])
    places = np.full(len(rows), -1)
    places[matched["row"].to_numpy()] = matched[_PLACE].to_numpy(dtype=int)
    return places


def _dated(frame: pd.DataFrame, on: Sequence[str], time: str, zone: str | None) -> pd.DataFrame:
    """Key, instant and place of each row that has both."""
    at = read_times(frame[time].reset_index(drop=True), zone)
    dated = pd.DataFrame({_KEY: _keys(frame, on), _AT: at, _PLACE: np.arange(len(frame))})
    return dated.dropna(subset=[_KEY, _AT])


def _keys(frame: pd.DataFrame, on: Sequence[str]) -> "pd.Series[str]":
    """The values of these columns as one text, so that 12 in one format is 12 in another."""
    frame = frame.reset_index(drop=True)
    keys = pd.Series("", frame.index, "str")
    for position, column in enumerate(on):
        words = as_words(_as_written(frame[column]))
        keys = words if position == 0 else keys + _BETWEEN + words
    return keys


def _as_written(values: pd.Series) -> pd.Series:
    """Whole numbers without their decimal point, which a null beside them had given them."""
    is_whole = pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all()
    return values.astype("Int64") if is_whole else values


def _refuse_repeated(
    is_repeated: "pd.Series[bool]", other: pd.DataFrame, on: Sequence[str], name: str
) -> None:
    if not is_repeated.any():
        return
    first = other.iloc[is_repeated.index[is_repeated.to_numpy()][0]]
    key = ", ".join(str(first[column]) for column in on)
    count = int(is_repeated.sum())
    raise DataUnreadable(
        f"{name}: {count} {'row repeats' if count == 1 else 'rows repeat'} a key of "
        f"{', '.join(on)} that must be there once, first {key}; {_NEXT_STEP}"
    )
