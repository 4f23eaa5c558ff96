"""Values that stand for "unknown", such as -999 or "n/a"."""

from typing import ClassVar

import pandas as pd
from pydantic import Field

from schemas.cleaning import CleaningStep
from tasks.core.reading import as_numbers, as_words


class NullSentinels(CleaningStep):
    """These values become null. A number is meant however it is written: `-999.0` is -999."""

    by_row: ClassVar[bool] = True

    columns: tuple[str, ...] = Field(min_length=1)
    values: tuple[float | str, ...] = Field(min_length=1)

    def touched(self, there: frozenset[str]) -> frozenset[str]:
        """Those of its columns that are there."""
        return there.intersection(self.columns)

    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        """All rows."""
        there = [name for name in self.columns if name in frame]
        return frame.assign(**{name: self._without(frame[name]) for name in there})

    def _without(self, values: pd.Series) -> pd.Series:
        words = [value for value in self.values if isinstance(value, str)]
        numbers = [value for value in self.values if not isinstance(value, str)]
        is_sentinel = as_numbers(values).isin(numbers)
        if words:
            is_sentinel |= as_words(values).str.strip().isin(words)
        return values.mask(is_sentinel)
