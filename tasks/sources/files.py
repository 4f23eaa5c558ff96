"""Files of any shipped format, in a folder or a bucket, as a project's nights and labels.

Formats are `tasks.sources.formats`, addresses with a night in them `tasks.sources.template`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Self

import pandas as pd
from pydantic import Field, model_validator

from schemas.batch import SourceFile
from schemas.errors import DataUnreadable
from schemas.period import Hour, Period, holding, period_of, start_of
from schemas.source import LargeNight, Raw
from schemas.zone import Zone
from tasks.core.local_time import name_zone
from tasks.core.reading import as_words
from tasks.sources.dividing import read_contents, read_table
from tasks.sources.formats import parse
from tasks.sources.keyed import KEY, Keyed
from tasks.sources.large import open_parquet
from tasks.sources.places import (
    Version,
    addresses_below,
    describe,
    describe_address,
    is_bucket,
    locate,
    read_address,
    shown,
    version_of,
)
from tasks.sources.readable import FileName, Readable
from tasks.sources.side_files import read_whole
from tasks.sources.template import (
    beginning,
    fill,
    is_fixed,
    matching,
    names_night,
)

_ReadingOf = tuple[Version, str, str, Period, tuple[tuple[str, str], ...]]


class Files(Keyed, Readable):
    """A file a night, or files that hold many nights, which the times of their rows divide.

    Rows of a file that holds many nights must each have a time that can be read.
    """

    labels: FileName | None = Field(
        default=None, description="files of key and target; without them, labels lie in the rows"
    )
    zone: Zone | None = Field(
        default=None,
        description="IANA name of the zone in which times are written that name none, and whose "
        "midnights divide a file that holds many nights: the project's",
    )

    @model_validator(mode="after")
    def _divides_by_a_zone(self) -> Self:
        is_named = names_night(self.file) or names_night(self.file, "week")
        if not is_named and self.zone is None:
            raise ValueError(f"{self.file!r} holds many nights: zone must say where each begins")
        return self

    def _delivered(self, as_of: date) -> Raw | None:
        return self._night(self.file, as_of)

    def _delivered_labels(self, as_of: date) -> Raw | None:
        if self.labels is not None:
            name = self._address(self.labels, as_of)
            is_own = names_night(self.labels, period_of(as_of))
            return self._whole(name) if is_own else self._own_labels(name, as_of)
        with self._open(as_of, self._keyed, (*self.key, self.target)) as large:
            if large is None:
                return self._delivered(as_of)
            return Raw(pd.concat(large.read(), ignore_index=True), large.files)

    @contextmanager
    def open_large(self, as_of: date) -> Iterator[LargeNight | None]:
        """The night's rows in parts, where they have a file to themselves that is large."""
        with self._open(as_of, lambda rows: self._known(self._timed(self._keyed(rows)))) as large:
            yield large

    def _columns(self, as_of: date) -> Collection[str]:
        with self._open(as_of, self._keyed) as large:
            if large is None:
                return super()._columns(as_of)
            return next((tuple(part.columns) for part in large.read()), ())

    def _label_columns(self, as_of: date) -> Collection[str]:
        return self._columns(as_of) if self.labels is None else super()._label_columns(as_of)

    def _own_labels(self, name: str, as_of: date) -> Raw | None:
        """Of a file with the labels of many nights, those of this night's rows."""
        version, rows = version_of(locate(name)), self._delivered(as_of)
        if version is None or rows is None:
            return None
        frame, file = read_whole(version, name, tuple(self._reading(name).items()))
        labels, key = self._keyed(frame), KEY if self._makes_key else self.key[0]
        if key in labels and key in rows.frame:
            labels = labels[as_words(labels[key]).isin(as_words(rows.frame[key]))]
        return Raw(labels.reset_index(drop=True), (file,))

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The file of the night; one that holds many may have been rewritten anywhere."""
        name, period = self._address(self.file, as_of), period_of(as_of)
        version = version_of(locate(name))
        if version is None:
            return ()
        if names_night(self.file, period):
            return (_described(version, shown(name)),)
        if as_of not in self._nights_in(version, period):
            return ()
        return (_named(read_contents(*self._reading_of(version, period)).file, name),)

    def nights(self) -> tuple[date, ...]:
        """The nights that have a file, or the days of the rows in one."""
        there = self._addresses()
        if names_night(self.file) or names_night(self.file, "week"):
            return tuple(sorted({night for _, night in there}))
        versions = [version for address, _ in there if (version := version_of(address))]
        days = {day for version in versions for day in self._nights_in(version, "day")}
        return tuple(sorted(days))

    def missing_hint(self) -> str | None:
        """No file that is meant is there."""
        if next(iter(self._addresses()), None):
            return None
        where = locate(self.file)
        step = (
            "look at the bucket, and at AWS_ENDPOINT_URL"
            if is_bucket(where)
            else "set DRIFTLOOP_DATA to the folder that has it"
        )
        return f"data not here: no file {where}; {step}"

    def _addresses(self) -> Iterable[tuple[str, date]]:
        template = locate(self.file)
        if is_fixed(template):
            return [(template, date.min)] if version_of(template) else []
        return list(matching(template, addresses_below(beginning(template))))

    def _address(self, template: str, as_of: date) -> str:
        """The night's; of hours that share a file, that of the day by the zone's calendar."""
        if isinstance(as_of, Hour) and self.zone and not names_night(template, "hour"):
            as_of = holding("day", start_of(as_of, self.zone), self.zone)
        return fill(template, as_of)

    def _night(self, template: str, as_of: date) -> Raw | None:
        name, period = self._address(template, as_of), period_of(as_of)
        if names_night(template, period):
            found = self._whole(name)
            return found and Raw(self._timed(found.frame), found.files)
        version = version_of(locate(name))
        if version is None:
            return None
        if as_of not in self._nights_in(version, period):
            return None
        table = read_table(*self._reading_of(version, period))
        rows = table.rows.get(as_of)
        if rows is None:  # rewritten since
            return None
        night = self._keyed(table.frame.iloc[rows].reset_index(drop=True))
        night[self.time] = table.times.iloc[rows].array
        return Raw(night, (_named(table.file, name),))

    @contextmanager
    def _open(
        self,
        as_of: date,
        prepared: Callable[[pd.DataFrame], pd.DataFrame],
        columns: tuple[str, ...] | None = None,
    ) -> Iterator[LargeNight | None]:
        if not names_night(self.file, period_of(as_of)):
            yield None
            return
        name = fill(self.file, as_of)
        with open_parquet(locate(name), name, prepared, columns) as large:
            yield large

    def _whole(self, name: str) -> Raw | None:
        where = locate(name)
        version = None if is_bucket(where) else version_of(where)  # a bucket is asked over a net
        data = read_address(where)
        if data is None:
            return None
        rows = self._keyed(parse(data, name, **self._reading(name)))
        is_same = version is not None and version_of(where) == version
        file = _described(version, shown(name)) if version and is_same else None
        return Raw(rows, (file or describe(shown(name), data),))

    def _timed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The keyed rows with times in the zone; keys are made of times as they are written."""
        if self.zone is None or self.time not in rows:
            return rows
        return rows.assign(**{self.time: name_zone(rows[self.time], self.zone)})

    def _reading_of(self, version: Version, period: Period) -> _ReadingOf:
        if self.zone is None:
            raise DataUnreadable(
                f"{version.address} holds many {period}s: declare zone=, which says when rows are"
            )
        reading = tuple(self._reading(version.address).items())
        return version, self.time, self.zone, period, reading

    def _nights_in(self, version: Version, period: Period) -> dict[date, int]:
        """How many rows of each night it holds; each night must be one of this file."""
        rows = read_contents(*self._reading_of(version, period)).nights
        if is_fixed(self.file):
            return rows
        of_nights = {night: self._address(self.file, night) for night in rows}
        foreign = {n for n in set(of_nights.values()) if locate(n) != version.address}
        strays = [night for night, name in of_nights.items() if name in foreign]
        if strays:
            raise DataUnreadable(
                f"{version.address}: {rows[strays[0]]} rows are of {strays[0]}, a night of "
                f"{of_nights[strays[0]]}; have the file delivered again"
            )
        return rows


def _named(file: SourceFile, name: str) -> SourceFile:
    """The bytes that were divided, under the name that records have for them."""
    return file.model_copy(update={"name": shown(name)})


@lru_cache(maxsize=256)
def _described(version: Version, name: str) -> SourceFile:
    return describe_address(name, version.address)
