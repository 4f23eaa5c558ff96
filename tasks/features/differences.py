"""One number less another. Proportions are `tasks.features.ratios`."""

import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State
from tasks.features.numbers import read_numbers, to_float32


class Differences(FeatureStep):
    """`<a>_minus_<b>` for each pair (a, b); null where either is null.

    For two numbers in one unit whose gap matters, such as temperature and dew point: trees find a
    gap only by many splits. Not for times, which are no numbers. Nothing is learned.
    """

    pairs: tuple[tuple[str, str], ...] = Field(min_length=1)

    def fit(self, frame: pd.DataFrame) -> State:
        """Nothing to learn."""
        return {}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """One column a pair."""
        above = read_numbers(frame, [one for one, _ in self.pairs])
        below = read_numbers(frame, [other for _, other in self.pairs])
        names = tuple(f"{one}_minus_{other}" for one, other in self.pairs)
        return Matrix(names, tuple("number" for _ in names), to_float32(above - below))
