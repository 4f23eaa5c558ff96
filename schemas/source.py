"""What a source is: where a project's nights and labels come from. Sources are `tasks.sources`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pandas as pd

from schemas.batch import Match, SourceFile
from schemas.declared import Declared


@dataclass(frozen=True)
class Raw:
    """What a source read for one night, before any check. `frame` has one row a record."""

    frame: pd.DataFrame
    files: tuple[SourceFile, ...]
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True)
class LargeNight:
    """A night that is too large to be held as a whole: `read` starts over and gives its parts.

    Parts follow each other as delivered and have the same columns; `rows` are those of all.
    """

    read: Callable[[], Iterator[pd.DataFrame]]
    rows: int
    files: tuple[SourceFile, ...]


class Source(Declared, ABC):
    """Where a project's nights and labels come from."""

    @abstractmethod
    def read(self, as_of: date) -> Raw | None:
        """The night's rows, or None while nothing was delivered.

        Raises:
            DataUnreadable: a file is there and cannot be read as what it should be.
        """

    @abstractmethod
    def read_labels(self, as_of: date) -> Raw | None:
        """The night's labels as columns (key, target), or None while they were not delivered.

        Raises:
            DataUnreadable: a file is there and cannot be read as what it should be.
        """

    @contextmanager
    def open_large(self, as_of: date) -> Iterator[LargeNight | None]:
        """What `read` would read, in parts; None where it is nothing, or may be held as a whole.

        Raises:
            DataUnreadable: as `read`, also while the parts are read.
        """
        yield None

    @abstractmethod
    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The files that `read` would read, cheaply: equal when a night was not delivered anew."""

    @abstractmethod
    def nights(self) -> tuple[date, ...]:
        """Nights for which something was delivered, in order; empty when the data is not here."""

    def own_files(self, as_of: date) -> tuple[SourceFile, ...]:
        """The rows' own files, of a source that joins tables: no other may refuse a night later."""
        return ()

    def missing_hint(self) -> str | None:
        """Why no data can be read at all and what to do about it, or None when it can."""
        return None

    def misnamed(self, as_of: date) -> tuple[str, ...]:
        """Columns that it names and what was delivered for a night lacks, a sentence each.

        Raises:
            DataUnreadable: as `read`.
        """
        return ()

    def announcements(self, as_of: date) -> tuple[str, ...]:
        """What people should know of the night and the pipeline does not, such as a simulation."""
        return ()
