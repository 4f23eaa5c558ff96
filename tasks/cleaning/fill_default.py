"""A value for what older deliveries do not have. Gaps within a night are for feature steps."""

from typing import ClassVar

import pandas as pd

from schemas.cleaning import CleaningStep


class FillDefault(CleaningStep):
    """A column that the whole table lacks gets this value; null leaves it empty."""

    by_row: ClassVar[bool] = True

    column: str
    value: float | str | bool | None

    def touched(self, there: frozenset[str]) -> frozenset[str]:
        """Its column, where it is missing."""
        return frozenset({self.column} - there)

    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        """All rows."""
        return frame if self.column in frame else frame.assign(**{self.column: self.value})
