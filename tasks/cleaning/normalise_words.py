"""One way of writing for words that mean the same."""

from typing import ClassVar, Literal

import pandas as pd
from pydantic import Field

from schemas.cleaning import CleaningStep
from tasks.core.reading import as_words


class NormaliseWords(CleaningStep):
    """Blanks around a word go, its case becomes one, then synonyms become their word.

    A word of blanks alone is null.
    """

    by_row: ClassVar[bool] = True

    columns: tuple[str, ...] = Field(min_length=1)
    case: Literal["lower", "upper"] | None = None
    synonyms: dict[str, str] = Field(default={}, description="from a word, as cleaned, to another")

    def touched(self, there: frozenset[str]) -> frozenset[str]:
        """Those of its columns that are there."""
        return there.intersection(self.columns)

    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        """All rows."""
        there = [name for name in self.columns if name in frame]
        return frame.assign(**{name: self._normal(frame[name]) for name in there})

    def _normal(self, values: pd.Series) -> pd.Series:
        words = as_words(values).str.strip()
        if self.case:
            words = words.str.lower() if self.case == "lower" else words.str.upper()
        words = words.mask(words == "")
        return words.replace(self.synonyms) if self.synonyms else words
