"""One number divided by another. What lies between two is `tasks.features.differences`."""

from itertools import chain
from typing import ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State
from tasks.features.numbers import read_pairs, to_float32


class Ratios(FeatureStep):
    """`<a>_per_<b>` for each pair (a, b); null where either is null, or b is zero.

    For amounts that mean something only in proportion, such as price per night. Not where b comes
    close to zero: the ratio is then noise. Nothing is learned.
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
        names = tuple(f"{one}_per_{other}" for one, other in self.pairs)
        made = to_float32(above / np.where(below == 0, np.nan, below))
        return Matrix(names, tuple("number" for _ in names), made)
