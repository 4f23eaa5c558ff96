"""Rows of one source with columns of other tables. The merging is `tasks.sources.merging`."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from datetime import date

import pandas as pd
from pydantic import Field, SerializeAsAny

from schemas.batch import Match, SourceFile
from schemas.declared import Declared
from schemas.period import shift
from schemas.source import Raw, Source
from schemas.zone import Zone
from tasks.sources.keyed import tell_lacking
from tasks.sources.merging import NewestBefore, merge


class SideTable(Declared, ABC):
    """A table that rows are joined to. It has no rows of a night of its own."""

    @abstractmethod
    def read(self, as_of: date) -> Raw | None:
        """What it holds for the night, or None while nothing was delivered.

        Raises:
            DataUnreadable: it is there and cannot be read as what it should be.
        """

    @abstractmethod
    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The files that `read` would read."""

    def told(self, as_of: date) -> str:
        """What people know it by, such as its file."""
        return self.kind


class Join(Declared):
    """Columns of a side table for each row, from its one row of equal values in `on`.

    Rows without such a row have nulls, all of them while nothing was delivered. A table that has
    the values twice refuses the batch: rows would multiply, or one of them be taken by chance.
    """

    name: str = Field(min_length=1, description="what people call the table")
    table: SerializeAsAny[SideTable]
    on: tuple[str, ...] = Field(
        min_length=1, description="columns of both, compared as they are written"
    )
    columns: tuple[str, ...] = Field(min_length=1, description="columns to add")
    prefix: str = Field(default="", description="put before the names of the columns added")
    least_matched: float = Field(
        default=0, ge=0, le=1, description="share of rows below which the batch is refused"
    )

    def _add(self, rows: pd.DataFrame, as_of: date) -> tuple[pd.DataFrame, Match, Collection[Raw]]:
        """The rows with the columns, how many matched, and what was read for it."""
        nights = self._nights(as_of)  # hours of a day share its file, which is read once
        found = {raw.files or n: raw for n in nights if (raw := self.table.read(n))}
        read = found.values()
        parts = [raw.frame for raw in read if len(raw.frame.columns)]
        other = pd.concat(parts, ignore_index=True) if len(parts) > 1 else next(iter(parts), None)
        added = self._added
        wide, matched = merge(rows, other, self.on, added, self.name, self._newest())
        limit = self.least_matched
        given = tuple(added.values())
        match = Match(
            name=self.name,
            columns=given,
            rows=len(rows),
            matched=matched,
            limit=limit,
            problem=self._problem(tuple(rows.columns), other is None, as_of),
        )
        return wide, match, read

    def _problem(self, rows: Collection[str], is_absent: bool, as_of: date) -> str:
        """Why no row can match, or nothing."""
        if is_absent:
            told = self.table.told(as_of)
            return f"nothing was delivered for the joined table {self.name} ({told})"
        of_rows = self._matched_by[0] if rows else ()  # a file of 0 bytes lacks none in particular
        return "; ".join(tell_lacking(f"the join with {self.name}", of_rows, "the rows", rows))

    def _misnamed(self, rows: Collection[str], as_of: date) -> Iterator[str]:
        of_rows, of_table = self._matched_by
        yield from tell_lacking(f"the join with {self.name}", of_rows, "the rows", rows)
        if table := self.table.read(as_of):
            named = (*of_table, *self.columns)
            what = f"the table {self.name}"
            yield from tell_lacking(what, named, "its rows", tuple(table.frame.columns))

    @property
    def _added(self) -> dict[str, str]:
        """Columns of the table with the names that they have in the rows."""
        return {column: f"{self.prefix}{column}" for column in self.columns}

    @property
    def _matched_by(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns of the rows, and those of the table."""
        return self.on, self.on

    def _nights(self, as_of: date) -> tuple[date, ...]:
        return (as_of,)

    def _newest(self) -> NewestBefore | None:
        return None


class JoinAsOf(Join):
    """The newest row of equal values in `on` that was known at the row's time: never a later one.

    A table that knows two rows of one time refuses the batch.
    """

    on: tuple[str, ...] = Field(
        default=(), description="columns of both that must be equal too, as they are written"
    )
    time: str = Field(description="the row's column of times")
    known_at: str = Field(description="the table's column that says from when on it was known")
    zone: Zone | None = Field(
        default=None, description="IANA name of the zone of times that name none, in both columns"
    )
    max_age_minutes: float | None = Field(
        default=None, gt=0, description="what was known so long before, or longer, counts no more"
    )
    nights_before: int = Field(
        default=0, ge=0, description="of a file a night: how many nights back it is read as well"
    )

    @property
    def _matched_by(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (*self.on, self.time), (*self.on, self.known_at)

    def _nights(self, as_of: date) -> tuple[date, ...]:
        return tuple(shift(as_of, -back) for back in range(self.nights_before, -1, -1))

    def _newest(self) -> NewestBefore | None:
        return NewestBefore(self.time, self.known_at, self.zone, self.max_age_minutes)


class Joined(Source):
    """The rows and labels of `rows`, each row with columns of other tables."""

    rows: SerializeAsAny[Source]
    joins: tuple[SerializeAsAny[Join], ...] = Field(min_length=1)

    def read(self, as_of: date) -> Raw | None:
        """The night's rows, joined in the order of `joins`; a later one may use what was added."""
        found = self.rows.read(as_of)
        if found is None:
            return None
        frame, files, matches = found.frame, list(found.files), list(found.matches)
        for join in self.joins:
            frame, match, read = join._add(frame, as_of)
            matches.append(match)
            files += [file for raw in read for file in raw.files]
        return Raw(frame, tuple(dict.fromkeys(files)), tuple(matches))

    def read_labels(self, as_of: date) -> Raw | None:
        """Those of the rows."""
        return self.rows.read_labels(as_of)

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The rows' files and the tables'; nothing while there are no rows."""
        files = list(self.rows.fingerprint(as_of))
        if files:
            for join in self.joins:
                for night in join._nights(as_of):
                    files += join.table.fingerprint(night)
        return tuple(dict.fromkeys(files))

    def own_files(self, as_of: date) -> tuple[SourceFile, ...]:
        """Those of the rows, without the tables'."""
        return self.rows.own_files(as_of) or self.rows.fingerprint(as_of)

    def nights(self) -> tuple[date, ...]:
        """Nights with rows."""
        return self.rows.nights()

    def missing_hint(self) -> str | None:
        """That of the rows."""
        return self.rows.missing_hint()

    def misnamed(self, as_of: date) -> tuple[str, ...]:
        """Those of the rows, and of each join in the rows and in its table."""
        rows = self.rows.read(as_of)
        there = list(rows.frame.columns) if rows else []
        told = list(self.rows.misnamed(as_of))
        for join in self.joins if there else ():
            told += join._misnamed(there, as_of)
            there += join._added.values()
        return tuple(told)

    def announcements(self, as_of: date) -> tuple[str, ...]:
        """Those of the rows."""
        return self.rows.announcements(as_of)
