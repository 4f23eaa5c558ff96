"""Another unit for a column's numbers."""

from typing import ClassVar

import pandas as pd
from pydantic import Field

from schemas.cleaning import CleaningStep
from tasks.core.cleaning import replace_numbers
from tasks.core.reading import as_numbers


class ConvertUnit(CleaningStep):
    """Each number times `factor`, plus `offset`: Fahrenheit to Celsius is 5/9 and -160/9."""

    by_row: ClassVar[bool] = True

    column: str
    factor: float = Field(default=1.0, allow_inf_nan=False)
    offset: float = Field(default=0.0, allow_inf_nan=False)

    def touched(self, there: frozenset[str]) -> frozenset[str]:
        """Its column, when it is there."""
        return there & {self.column}

    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        """All rows."""
        if self.column not in frame:
            return frame
        values = frame[self.column]
        converted = as_numbers(values) * self.factor + self.offset
        return frame.assign(**{self.column: replace_numbers(values, converted)})
