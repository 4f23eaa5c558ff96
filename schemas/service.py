"""What a project may say of the service that its model is behind: the contract of `served=`.

A log itself is `tasks.sources.service_log`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

import pandas as pd
from pydantic import Field

from schemas.batch import SourceFile
from schemas.declared import Declared


@dataclass(frozen=True)
class Logged:
    """One row an answer, in columns key, prediction and perhaps version."""

    frame: pd.DataFrame
    files: tuple[SourceFile, ...]


class ServedLog(Declared, ABC):
    """What the team's service answered for a night's rows."""

    tolerance: float = Field(
        default=0.01,
        gt=0,
        description="answers further from our own scoring disagree; of numbers beyond 1, a share",
    )

    @abstractmethod
    def read(self, as_of: date) -> Logged | None:
        """The answers for the night's rows; None while there is no log.

        Raises:
            DataUnreadable: it is there and cannot be read as what it should be.
        """

    @abstractmethod
    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The files that `read` would read; none while there is no log."""
