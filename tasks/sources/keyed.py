"""What files and queries have in common: keys made of columns, and rows apart from their labels."""

from abc import abstractmethod
from collections.abc import Collection, Iterator
from datetime import date

import pandas as pd
from pydantic import Field

from schemas.source import Raw, Source
from tasks.core.reading import as_words

KEY = "row_key"
"""The column of a key that several columns make."""

_SHOWN = 20
_AS_WRITTEN = "%Y-%m-%dT%H:%M:%S"


class Keyed(Source):
    """A source whose declaration names columns.

    Columns become `row_key` when several make the key, or when it is the time; one other column is
    the key itself.
    """

    time: str = Field(description="the column that says when a row happened")
    key: tuple[str, ...] = Field(min_length=1, description="columns that together name one row")
    target: str
    afterwards: tuple[str, ...] = Field(
        default=(), description="further columns known only with the label: no feature may see them"
    )

    def read(self, as_of: date) -> Raw | None:
        """The night's rows without anything that is known only afterwards."""
        found = self._delivered(as_of)
        if found is None:
            return None
        return Raw(self._known(found.frame), found.files)

    def read_labels(self, as_of: date) -> Raw | None:
        """The target by the key of its row, where it is known."""
        found = self._delivered_labels(as_of)
        if found is None:
            return None
        key = KEY if self._makes_key else self.key[0]
        there = [column for column in (key, self.target) if column in found.frame]
        return Raw(found.frame[there], found.files)

    def misnamed(self, as_of: date) -> tuple[str, ...]:
        """Of time, key, target and what is known afterwards; the target lies with the labels."""
        rows, labels = self._columns(as_of), self._label_columns(as_of)
        return tuple(self._misnamed(rows, labels)) if rows else ()

    def _misnamed(self, rows: Collection[str], labels: Collection[str]) -> Iterator[str]:
        for field, named in (("time", (self.time,)), ("key", self.key)):
            yield from tell_lacking(field, named, "the rows", rows)
        later = {*rows, *labels} if labels else {*rows, *self.afterwards}
        yield from tell_lacking("afterwards", self.afterwards, "the rows", later)
        if labels:
            key = self.key if KEY not in labels and set(self.key) <= set(rows) else ()
            yield from tell_lacking("key", key, "the labels", labels)
            yield from tell_lacking("target", (self.target,), "the labels", labels)

    def _columns(self, as_of: date) -> Collection[str]:
        """Names of all columns that came with the night's rows; of none while they did not come."""
        found = self._delivered(as_of)
        return tuple(found.frame.columns) if found else ()

    def _label_columns(self, as_of: date) -> Collection[str]:
        """Those of what has the labels."""
        found = self._delivered_labels(as_of)
        return tuple(found.frame.columns) if found else ()

    @abstractmethod
    def _delivered(self, as_of: date) -> Raw | None:
        """The night's rows with their key and whatever else came with them."""

    @abstractmethod
    def _delivered_labels(self, as_of: date) -> Raw | None:
        """Rows with the key and the target of the night's rows."""

    def _known(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows as they are scored."""
        return rows.drop(columns=[self.target, *self.afterwards], errors="ignore")

    @property
    def _makes_key(self) -> bool:
        return len(self.key) > 1 or self.key == (self.time,)

    def _keyed(self, frame: pd.DataFrame) -> pd.DataFrame:
        if not self._makes_key or not set(self.key) <= set(frame.columns):
            return frame
        return frame.assign(**{KEY: make_keys(frame, self.key)})


def tell_lacking(
    field: str, named: Collection[str], where: str, there: Collection[str]
) -> Iterator[str]:
    """A sentence on each column that a source's field names and that is not among those there.

    >>> list(tell_lacking("time", ("soldat",), "the rows", ("sale", "sold_at")))
    ["time names 'soldat', which the rows do not have, only 'sale', 'sold_at'"]
    """
    shown = ", ".join(map(ascii, list(there)[:_SHOWN]))
    for name in named:
        if name not in there:
            yield f"{field} names {name!a}, which {where} do not have, only {shown}"


def make_keys(frame: pd.DataFrame, columns: tuple[str, ...]) -> "pd.Series[str]":
    """The values of these columns, as in `Aotizhongxin|2013-03-01T00:00:00`; null where one is."""
    parts = [_written(frame[column]) for column in columns]
    keys = ["|".join(map(str, row)) for row in zip(*(part.tolist() for part in parts), strict=True)]
    is_whole = frame[list(columns)].notna().all(axis=1)
    return pd.Series(keys, frame.index, "str").where(is_whole)


def _written(values: pd.Series) -> "pd.Series[str]":
    """Times to the second, all else as text."""
    if not pd.api.types.is_datetime64_any_dtype(values):
        return as_words(values)
    texts: pd.Series[str] = values.dt.strftime(_AS_WRITTEN)
    return texts
