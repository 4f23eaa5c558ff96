"""Rows with a number that cannot be. The contract would quarantine them; this lets them go."""

from typing import ClassVar

import pandas as pd

from schemas.cleaning import CleaningStep
from tasks.core.reading import as_numbers


class DropOutside(CleaningStep):
    """Rows go whose number is below `low` or above `high`; null is outside of nothing."""

    by_row: ClassVar[bool] = True

    column: str
    low: float | None = None
    high: float | None = None

    def touched(self, there: frozenset[str]) -> frozenset[str]:
        """Its column, when it is there."""
        return there & {self.column}

    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows inside."""
        if self.column not in frame:
            return frame
        numbers = as_numbers(frame[self.column])
        is_outside = pd.Series(False, frame.index)
        if self.low is not None:
            is_outside |= numbers < self.low
        if self.high is not None:
            is_outside |= numbers > self.high
        return frame[~is_outside]
