"""Numbers as they are, and how other steps read them. Words are `tasks.features.categories`."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State

_LARGEST = float(np.finfo(np.float32).max)


def read_numbers(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """The columns as float64 within the range of float32; nulls are NaN."""
    values = frame[list(columns)].to_numpy(np.float64, na_value=np.nan)
    return np.asarray(np.clip(values, -_LARGEST, _LARGEST))


def read_pairs(
    frame: pd.DataFrame, pairs: Sequence[tuple[str, str]]
) -> tuple[np.ndarray, np.ndarray]:
    """The first and the second number of each pair, a column a pair."""
    first, second = zip(*pairs, strict=True)
    return read_numbers(frame, first), read_numbers(frame, second)


def to_float32(values: np.ndarray) -> np.ndarray:
    """The values as features; those beyond float32 count as its largest."""
    return np.asarray(np.clip(values, -_LARGEST, _LARGEST).astype(np.float32))


class Numbers(FeatureStep):
    """Numeric columns unchanged; nulls stay null. Values beyond float32 count as its largest."""

    learns: ClassVar[bool] = False

    columns: tuple[str, ...] = Field(min_length=1)

    def reads(self) -> frozenset[str]:
        """Its columns."""
        return frozenset(self.columns)

    def fit(self, frame: pd.DataFrame) -> State:
        """Nothing to learn."""
        return {}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """One feature a column; a wide frame is copied once."""
        with np.errstate(over="ignore"):
            values = frame[list(self.columns)].to_numpy(np.float32, copy=True, na_value=np.nan)
        np.clip(values, -_LARGEST, _LARGEST, out=values)
        return Matrix(self.columns, tuple("number" for _ in self.columns), values)
