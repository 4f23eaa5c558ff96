"""One row of several that are about the same thing, by a declared rule.

Without this step rows of one key that differ are quarantined: nobody said which is right.
"""

from typing import Literal

import pandas as pd
from pydantic import Field

from schemas.cleaning import CleaningStep


class KeepOne(CleaningStep):
    """Of rows that agree in `by` the first or last stays, as delivered or in the order of a column.

    Rows with a null in `by` all stay: the contract says what they are.
    """

    by: tuple[str, ...] = Field(min_length=1)
    keep: Literal["first", "last"]
    in_order_of: str | None = Field(default=None, description="such as the time of a correction")

    def touched(self, there: frozenset[str]) -> frozenset[str]:
        """The columns that it compares."""
        return there.intersection(self.by)

    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows that stay, in the order in which they came."""
        needed = {*self.by, *([self.in_order_of] if self.in_order_of else [])}
        if not needed <= set(frame.columns):
            return frame
        ordered = frame.sort_values(self.in_order_of, kind="stable") if self.in_order_of else frame
        whole = ordered[list(self.by)].notna().all(axis=1)
        again = ordered.duplicated(list(self.by), keep=self.keep) & whole
        return frame[~again.reindex(frame.index)]
