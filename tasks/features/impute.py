"""Numbers whose gaps are filled, with an indicator that says where.

Gaps that must not show are filled by `tasks.features.fill_from_group`.
"""

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State
from tasks.features.numbers import read_numbers, to_float32


class Impute(FeatureStep):
    """Each column with its gaps filled by the training median, and `<name>_missing`, 1 in gaps.

    For families that cannot read nulls. Trees can: give them `Numbers`. Not for a column whose
    absence is known only with the label: the indicator hands it over. Two features a column.
    """

    columns: tuple[str, ...] = Field(min_length=1)
    constant: float | None = Field(
        default=None, allow_inf_nan=False, description="fills every gap in place of the median"
    )

    def reads(self) -> frozenset[str]:
        """Its columns."""
        return frozenset(self.columns)

    def fit(self, frame: pd.DataFrame) -> State:
        """What fills the gaps of each column; null where training had no value."""
        return {"fills": [self._fill(values) for values in read_numbers(frame, self.columns).T]}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """The filled columns, then the indicators."""
        values = read_numbers(frame, self.columns)
        is_gap = np.isnan(values)
        filled = np.where(is_gap, np.array(state["fills"], dtype=np.float64), values)
        names = (*self.columns, *(f"{name}_missing" for name in self.columns))
        made = to_float32(np.concatenate([filled, is_gap], axis=1))
        return Matrix(names, tuple("number" for _ in names), made)

    def _fill(self, values: np.ndarray) -> float | None:
        if self.constant is not None:
            return self.constant
        known = values[~np.isnan(values)]
        return float(np.median(known)) if len(known) else None
