"""Why rows are set aside, and the failures that this adds up to.

Finding out is `tasks.core.checking`. Values of sensitive columns stay out of failures, which are
recorded and shown.
"""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from schemas.batch import Failure
from schemas.contract import Contract, describe_contract

EXAMPLES = 3
_LONGEST = 80


class Reasons:
    """Why each row is set aside, and the failures that this adds up to."""

    def __init__(self, rows: int, contract: Contract) -> None:
        self.clean = np.ones(rows, dtype=bool)
        self._about = _told_of(contract)
        self._text: dict[int, str] = {}
        self.failures: list[Failure] = []
        self.is_whole = False
        """Whether something is wrong with the table, not with single rows of it."""

    def add(self, rows: np.ndarray, column: str, check: str, values: pd.Series) -> None:
        """Note a broken rule: `rows` are positions, `values` the column, labelled by position."""
        if not len(rows):
            return
        self.clean[rows] = False
        for row in rows.tolist():
            self._text[row] = f"{self._text.get(row, '')}; {column}: {check}".lstrip("; ")
        self.note(column, check, len(rows), tuple(map(_example, values.loc[rows[:EXAMPLES]])))

    def note(self, column: str, check: str, rows: int, examples: tuple[str, ...] = ()) -> None:
        """Note a failure with what the contract tells of its column."""
        about = self._about.get(column, {"sensitive": False})
        shown = () if about["sensitive"] else examples
        self.failures.append(
            Failure(column=column, check=check, rows=rows, examples=shown, **about)
        )

    def told(self, rows: np.ndarray, otherwise: str) -> list[str]:
        """All reasons of each of these rows, as one text a row."""
        return [self._text.get(row, otherwise) for row in np.flatnonzero(rows).tolist()]


@cache
def _told_of(contract: Contract) -> dict[str, dict[str, Any]]:
    """By column what a failure tells of it."""
    told = ("meaning", "owner", "sensitive")
    return {one["name"]: {key: one[key] for key in told} for one in describe_contract(contract)}


def _example(value: object) -> str:
    """A value as a record may show it."""
    return ascii(str(value)[:_LONGEST])[1:-1][:_LONGEST]
