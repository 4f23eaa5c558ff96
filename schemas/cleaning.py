"""What mends delivered rows before the contract is asked; the steps are `tasks.cleaning`."""

from abc import ABC, abstractmethod
from datetime import date
from typing import ClassVar

import pandas as pd
from pydantic import Field

from schemas.declared import Declared


class CleaningStep(Declared, ABC):
    """Mends delivered rows before the contract is asked. It learns nothing from them."""

    by_row: ClassVar[bool] = False
    """Whether what becomes of a row depends on that row alone: a large night is then never held
    as a whole."""

    before: date | None = Field(
        default=None, description="only nights before this one: those of an older form of the feed"
    )

    def told(self) -> str:
        """The step as people declared it."""
        fields = self.model_dump(mode="json", exclude_defaults=True, exclude={"kind"})
        return f"{self.kind}({', '.join(f'{name}={_listed(x)}' for name, x in fields.items())})"

    @abstractmethod
    def touched(self, there: frozenset[str]) -> frozenset[str]:
        """The columns that it looks at, changes, makes or takes away in a table with `there`."""

    @abstractmethod
    def clean(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows that stay, under their index, with all their columns."""


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
