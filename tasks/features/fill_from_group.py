"""Numbers whose gaps are filled so that a gap cannot be told from a value.

For columns whose absence would tell the label. Where absence is honest news, nulls are kept as they
are by `tasks.features.numbers`.
"""

import json
import zlib
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State
from tasks.features.numbers import read_numbers, to_float32


class FillFromGroup(FeatureStep):
    """Fills a row's gaps from one whole training row of its group, picked by the row's key.

    A group are equal values in `by`; one with fewer than `min_rows` complete training rows gives
    way to the group without the last column of `by`, in the end to all rows. A mode would be a
    value that gaps have more often than their neighbours, and columns filled one by one would be
    combinations that no neighbour has: whole rows have the neighbours' distribution.
    """

    columns: tuple[str, ...] = Field(min_length=1)
    by: tuple[str, ...] = Field(min_length=1, description="from the widest group to the narrowest")
    key: str = "row_key"
    min_rows: int = Field(default=20, ge=1)
    donors: int = Field(default=64, ge=1, description="training rows kept a group, evenly spread")

    def reads(self) -> frozenset[str]:
        """Its columns, those of its groups, and the key."""
        return frozenset((*self.columns, *self.by, self.key))

    def fit(self, frame: pd.DataFrame) -> State:
        """The distinct complete rows, and for each group which of them it gives."""
        complete = frame[[*self.by, *self.columns]].dropna(subset=list(self.columns))
        distinct = complete[list(self.columns)].drop_duplicates().sort_values(list(self.columns))
        rows = [list(map(float, row)) for row in distinct.itertuples(index=False)]
        numbers = complete.groupby(list(self.columns), sort=True).ngroup()  # in the order of `rows`
        return {"rows": rows, "groups": self._groups(complete, numbers)}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """The columns without gaps, except where training had no complete row at all."""
        values = to_float32(read_numbers(frame, self.columns))
        gaps = np.flatnonzero(np.isnan(values).any(axis=1))
        if len(gaps) and state["rows"]:
            rows = to_float32(np.asarray(state["rows"], dtype=np.float64))
            given = rows[self._pick(frame.iloc[gaps], state)]
            values[gaps] = np.where(np.isnan(values[gaps]), given, values[gaps])
        return Matrix(self.columns, tuple("number" for _ in self.columns), values)

    def _groups(self, complete: pd.DataFrame, numbers: "pd.Series[int]") -> dict[str, list[int]]:
        groups = {_name(()): self._spread(numbers)} if len(numbers) else {}
        for depth in range(1, len(self.by) + 1):
            for values, members in numbers.groupby([complete[name] for name in self.by[:depth]]):
                if len(members) >= self.min_rows:
                    groups[_name(values)] = self._spread(members)
        return groups

    def _spread(self, numbers: "pd.Series[int]") -> list[int]:
        """At most `donors` of them at even distances in sorted order, so that shares are kept."""
        ordered = np.sort(numbers.to_numpy())
        kept = min(self.donors, len(ordered))
        at = (np.arange(kept) + 0.5) * len(ordered) / kept
        return [int(number) for number in ordered[at.astype(int)]]

    def _pick(self, rows: pd.DataFrame, state: State) -> np.ndarray:
        """The number of the training row that each of these rows is filled from."""
        groups: dict[str, list[int]] = state["groups"]
        keys = [zlib.crc32(str(key).encode()) for key in rows[self.key]]
        paths = list(rows[list(self.by)].itertuples(index=False, name=None))
        donors = {path: _donors_of(groups, path) for path in set(paths)}
        given = (donors[path] for path in paths)
        picked = [some[key % len(some)] for some, key in zip(given, keys, strict=True)]
        return np.array(picked, dtype=int)


def _donors_of(groups: dict[str, list[int]], path: tuple[Any, ...]) -> list[int]:
    """The training rows of the narrowest group that this path is in."""
    for depth in range(len(path), 0, -1):
        if given := groups.get(_name(path[:depth])):
            return given
    return groups[_name(())]


def _name(values: tuple[Any, ...]) -> str:
    return json.dumps([str(value) for value in values])
