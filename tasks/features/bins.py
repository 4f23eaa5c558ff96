"""Numbers as the quantile bin that they are in. As they are: `tasks.features.numbers`."""

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State
from tasks.features.numbers import read_numbers, to_float32


class Bins(FeatureStep):
    """`<name>_bin`: how many of the column's inner edges, training quantiles, a value reaches.

    For numbers with a long tail or digits that are noise, and for families that add effects up. Not
    to help trees, which find better edges themselves. A sort of each column; an edge a bin is kept.
    """

    columns: tuple[str, ...] = Field(min_length=1)
    bins: int = Field(default=10, ge=2, description="fewer where values are often equal")

    def reads(self) -> frozenset[str]:
        """Its columns."""
        return frozenset(self.columns)

    def fit(self, frame: pd.DataFrame) -> State:
        """The inner edges of each column, all of them values that training had."""
        values = read_numbers(frame, self.columns)
        return {name: self._edges(values[:, at]) for at, name in enumerate(self.columns)}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """One column each; nulls stay null."""
        values = read_numbers(frame, self.columns)
        made = np.empty(values.shape)
        for at, name in enumerate(self.columns):
            reached = np.searchsorted(state[name], values[:, at], side="right")
            made[:, at] = np.where(np.isnan(values[:, at]), np.nan, reached)
        names = tuple(f"{name}_bin" for name in self.columns)
        return Matrix(names, tuple("number" for _ in names), to_float32(made))

    def _edges(self, values: np.ndarray) -> list[float]:
        known = values[~np.isnan(values)]
        if not len(known):
            return []
        shares = np.arange(1, self.bins) / self.bins
        edges = np.unique(np.quantile(known, shares, method="inverted_cdf"))
        return [float(edge) for edge in edges]
