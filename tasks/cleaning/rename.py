"""Another name for a column, where a feed changed it."""

from typing import ClassVar

import pandas as pd
from pydantic import Field

from schemas.cleaning import CleaningStep


class Rename(CleaningStep):
    """Columns under the names of today's contract. One that is there under its new name stays."""

    by_row: ClassVar[bool] = True

    columns: dict[str, str] = Field(min_length=1, description="from the old name to the new one")

    def touched(self, there: frozenset[str]) -> frozenset[str]:
        """Old and new names of what it renames."""
        renamed = self._renamed(there)
        return frozenset([*renamed, *renamed.values()])

    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        """All rows."""
        return frame.rename(columns=self._renamed(frozenset(frame.columns)))

    def _renamed(self, there: frozenset[str]) -> dict[str, str]:
        return {old: new for old, new in self.columns.items() if old in there and new not in there}
