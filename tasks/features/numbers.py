"""Numbers as they are. Words are `tasks.features.categories`."""

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State

_LARGEST = float(np.finfo(np.float32).max)


class Numbers(FeatureStep):
    """Numeric columns unchanged; nulls stay null. Values beyond float32 count as its largest."""

    columns: tuple[str, ...] = Field(min_length=1)

    def fit(self, frame: pd.DataFrame) -> State:
        """Nothing to learn."""
        return {}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """One feature a column; a wide frame is copied once."""
        with np.errstate(over="ignore"):
            values = frame[list(self.columns)].to_numpy(np.float32, copy=True, na_value=np.nan)
        np.clip(values, -_LARGEST, _LARGEST, out=values)
        return Matrix(self.columns, tuple("number" for _ in self.columns), values)
