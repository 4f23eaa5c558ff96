"""The record of rows that were predicted before their outcome, or why they were not.

Predicting and delivering is `tasks.engine.upcoming`.
"""

from typing import ClassVar, Literal

from schemas.batch import Cleaned, Counts, Failure, Match, SourceFile
from schemas.period import AsOf
from schemas.record import ObjectRef, Record, Value

UpcomingState = Literal["predicted", "no_rows", "refused", "no_champion", "unscorable"]


class Delivered(Value):
    """Where predictions were put; of a file the sha256 of its bytes."""

    to: str
    sha256: str | None


class Upcoming(Record):
    """Predictions made as of one night: columns (row key, prediction).

    They belong to no batch and count for no quality, whether or not the rows turn up in one later.
    `to` is where the project wants them, `delivered` where they are.
    """

    kind: ClassVar[str] = "upcoming"

    project: str
    as_of: AsOf
    revision: int
    state: UpcomingState
    sentence: str
    contract: str
    version: str | None = None
    files: tuple[SourceFile, ...] = ()
    counts: Counts = Counts(read=0, kept=0, quarantined=0, deduplicated=0)
    failures: tuple[Failure, ...] = ()
    matches: tuple[Match, ...] = ()
    cleaning: tuple[Cleaned, ...] = ()
    unseen: dict[str, int] = {}
    rows: ObjectRef | None = None
    to: str | None = None
    delivered: Delivered | None = None

    @property
    def waits(self) -> bool:
        """Whether predictions are stored and not where they are to go."""
        return self.to is not None and self.rows is not None and self.delivered is None
