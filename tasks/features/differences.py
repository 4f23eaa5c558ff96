"""One number less another. Proportions are `tasks.features.ratios`."""

from itertools import chain
from typing import ClassVar

import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State
from tasks.features.numbers import read_pairs, to_float32


class Differences(FeatureStep):
    """`<a>_minus_<b>` for each pair (a, b); null where either is null.

    For two numbers in one unit whose gap matters, such as temperature and dew point: trees find a
    gap only by many splits. Not for times, which are no numbers. Nothing is learned.
    """

    learns: ClassVar[bool] = False

    pairs: tuple[tuple[str, str], ...] = Field(min_length=1)

    def reads(self) -> frozenset[str]:
        """Both columns of each pair."""
        return frozenset(chain.from_iterable(self.pairs))

    def fit(self, frame: pd.DataFrame) -> State:
        """Nothing to learn."""
        return {}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """One column a pair."""
        above, below = read_pairs(frame, self.pairs)
        names = tuple(f"{one}_minus_{other}" for one, other in self.pairs)
        return Matrix(names, tuple("number" for _ in names), to_float32(above - below))
