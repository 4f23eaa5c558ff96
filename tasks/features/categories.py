"""Words as codes of the categories that training knew. Numbers are `tasks.features.numbers`."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State


class Categories(FeatureStep):
    """Each column's most frequent categories, in alphabetical order; any other value is NaN."""

    columns: tuple[str, ...] = Field(min_length=1)
    max_categories: int = Field(default=200, ge=1)
    min_rows: int = Field(default=20, ge=1, description="training rows that make a category known")

    def reads(self) -> frozenset[str]:
        """Its columns."""
        return frozenset(self.columns)

    def fit(self, frame: pd.DataFrame) -> State:
        """The known categories of each column."""
        return {name: self._known(frame[name]) for name in self.columns}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """One column of codes each."""
        values = np.empty((len(frame), len(self.columns)), dtype=np.float32)
        for position, name in enumerate(self.columns):
            values[:, position] = encode(frame[name], state[name])
        return Matrix(self.columns, tuple("category" for _ in self.columns), values)

    def known_words(self, state: State) -> Mapping[str, Collection[str]]:
        """The categories."""
        return {name: state[name] for name in self.columns}

    def _known(self, values: "pd.Series[str]") -> list[str]:
        counts = Counter(values.value_counts().to_dict())
        often = [(-rows, str(word)) for word, rows in counts.items() if rows >= self.min_rows]
        return sorted(word for _, word in sorted(often)[: self.max_categories])


def encode(values: "pd.Series[str]", known: list[str]) -> np.ndarray:
    """The position of each value in `known`, NaN where it is none of them."""
    codes = pd.Index(known, dtype="str").get_indexer(pd.Index(values, dtype="str"))
    return np.where(codes < 0, np.nan, codes)


def look_up(values: "pd.Series[str]", table: Mapping[str, Any], unseen: Any) -> np.ndarray:
    """Each word's number or list of numbers, that of `unseen` for other words; NaN for nulls."""
    codes = encode(values, list(table))
    numbers = np.array([*table.values(), unseen], dtype=np.float64)
    found = numbers[np.where(np.isnan(codes), -1, codes).astype(int)]
    found[values.isna().to_numpy()] = np.nan
    return np.asarray(found)
