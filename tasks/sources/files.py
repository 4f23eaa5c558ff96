"""Files of any shipped format, in a folder or a bucket, as a project's nights and labels.

Formats are `tasks.sources.formats`, addresses with a night in them `tasks.sources.template`.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Self

from pydantic import Field, model_validator

from schemas.batch import SourceFile
from schemas.errors import DataUnreadable
from schemas.period import Hour, Period, holding, period_of, start_of
from schemas.project import Raw
from schemas.zone import Zone
from tasks.sources.dividing import Table, read_table
from tasks.sources.formats import parse
from tasks.sources.keyed import Keyed
from tasks.sources.places import (
    Version,
    addresses_below,
    describe,
    is_bucket,
    locate,
    read_address,
    shown,
    version_of,
)
from tasks.sources.readable import FileName, Readable
from tasks.sources.template import (
    beginning,
    fill,
    is_fixed,
    matching,
    names_night,
)


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
        if self.labels is None:
            return self._delivered(as_of)
        return self._whole(self._address(self.labels, as_of))

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The file of the night; one that holds many may have been rewritten anywhere."""
        name, period = self._address(self.file, as_of), period_of(as_of)
        version = version_of(locate(name))
        if version is None:
            return ()
        if names_night(self.file, period):
            return (_described(version, shown(name)),)
        is_there = as_of in self._divided(version, period)
        return (self._file(version, name, period),) if is_there else ()

    def nights(self) -> tuple[date, ...]:
        """The nights that have a file, or the days of the rows in one."""
        there = self._addresses()
        if names_night(self.file) or names_night(self.file, "week"):
            return tuple(sorted({night for _, night in there}))
        versions = [version for address, _ in there if (version := version_of(address))]
        days = {day for version in versions for day in self._divided(version, "day")}
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
            return self._whole(name)
        version = version_of(locate(name))
        if version is None:
            return None
        rows = self._divided(version, period).get(as_of)
        if rows is None:
            return None
        table = self._table(version, period)
        night = self._keyed(table.frame.iloc[rows].reset_index(drop=True))
        night[self.time] = table.times.iloc[rows].array
        return Raw(night, (self._file(version, name, period),))

    def _whole(self, name: str) -> Raw | None:
        data = read_address(locate(name))
        if data is None:
            return None
        rows = self._keyed(parse(data, name, **self._reading(name)))
        return Raw(rows, (describe(shown(name), data),))

    def _table(self, version: Version, period: Period) -> Table:
        if self.zone is None:
            raise DataUnreadable(
                f"{version.address} holds many {period}s: declare zone=, which says when rows are"
            )
        reading = tuple(self._reading(version.address).items())
        return read_table(version, self.time, self.zone, period, reading)

    def _file(self, version: Version, name: str, period: Period) -> SourceFile:
        """The bytes that were divided, under the name that records have for them."""
        return self._table(version, period).file.model_copy(update={"name": shown(name)})

    def _divided(self, version: Version, period: Period) -> dict[date, Any]:
        """The positions of each night's rows; each night must be one of this file."""
        rows = self._table(version, period).rows
        if is_fixed(self.file):
            return rows
        of_nights = {night: self._address(self.file, night) for night in rows}
        foreign = {n for n in set(of_nights.values()) if locate(n) != version.address}
        strays = [night for night, name in of_nights.items() if name in foreign]
        if strays:
            raise DataUnreadable(
                f"{version.address}: {len(rows[strays[0]])} rows are of {strays[0]}, a night of "
                f"{of_nights[strays[0]]}; have the file delivered again"
            )
        return rows


@lru_cache(maxsize=256)
def _described(version: Version, name: str) -> SourceFile:
    return describe(name, read_address(version.address) or b"")
