"""Numbers held within limits. What is impossible goes by `tasks.cleaning.drop_outside`."""

from typing import ClassVar, Self

import pandas as pd
from pydantic import model_validator

from schemas.cleaning import CleaningStep
from tasks.core.cleaning import replace_numbers
from tasks.core.reading import as_numbers


class Clip(CleaningStep):
    """Numbers beyond a limit become the limit."""

    by_row: ClassVar[bool] = True

    column: str
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _has_a_limit(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError(f"{self.column}: give low, high or both")
        return self

    def touched(self, there: frozenset[str]) -> frozenset[str]:
        """Its column, when it is there."""
        return there & {self.column}

    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        """All rows."""
        if self.column not in frame:
            return frame
        values = frame[self.column]
        held = as_numbers(values).clip(self.low, self.high)
        return frame.assign(**{self.column: replace_numbers(values, held)})
