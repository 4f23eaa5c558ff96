"""Nights cut out of one Parquet file by its `event_time`: a data set that is already complete.

Labels lie in the same rows. Files that come night by night are `tasks.sources.flights`.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pydantic import Field

from schemas.batch import SourceFile
from schemas.errors import DataUnreadable
from schemas.project import Raw, Source
from schemas.settings import Settings
from schemas.zone import Zone
from tasks.core.local_time import to_utc
from tasks.sources.files import describe, parse_parquet, read_bytes

KEY = "row_key"
TIME = "event_time"


@dataclass(frozen=True)
class _Days:
    """A file read once; `rows` are the positions of each night's rows, in order of nights."""

    frame: pd.DataFrame
    rows: dict[date, Any]  # positions as pandas gives them
    file: SourceFile


class _Version(NamedTuple):
    """A file at one time: one that was rewritten is another version, and is read again."""

    path: Path
    mtime_ns: int
    size: int


@lru_cache(maxsize=4)
def _read_days(version: _Version) -> _Days:
    path = version.path
    data = read_bytes(path) or b""
    frame = parse_parquet(data, path.name)
    if TIME not in frame or not pd.api.types.is_datetime64_dtype(frame[TIME]):
        raise DataUnreadable(f"{path.name}: needs a column {TIME!r} of times without a zone")
    rows = frame.groupby(frame[TIME].dt.date, sort=True).indices
    nights = {night: positions for night, positions in rows.items() if isinstance(night, date)}
    return _Days(frame, nights, describe(path.name, data))


class ParquetDays(Source):
    """The rows of one local date are a night. Its times are naive and read in `zone`.

    The row key is the time as written, so a time that comes twice is one key with two rows.
    """

    file: str = Field(description="a file in the data folder of the settings, or an absolute path")
    zone: Zone = Field(description="IANA name of the zone in which the file's times are written")
    target: str
    afterwards: tuple[str, ...] = Field(
        default=(), description="further columns known only with the label: no feature may see them"
    )

    def read(self, as_of: date) -> Raw | None:
        """The night's rows without anything that is known only afterwards."""
        night = self._night(as_of)
        if night is None:
            return None
        known = night.frame.drop(columns=[self.target, *self.afterwards], errors="ignore")
        return Raw(known, night.files)

    def read_labels(self, as_of: date) -> Raw | None:
        """The target of the night's rows."""
        night = self._night(as_of)
        return night and Raw(night.frame[[KEY, self.target]], night.files)

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The whole file, for nights that are in it: it may have been rewritten anywhere."""
        days = self._days()
        return (days.file,) if days and as_of in days.rows else ()

    def nights(self) -> tuple[date, ...]:
        """All dates in the file."""
        days = self._days()
        return tuple(days.rows) if days else ()

    def missing_hint(self) -> str | None:
        """The file is not on this machine."""
        if self._path.is_file():
            return None
        return f"data not here: no file {self._path}; set DRIFTLOOP_DATA to the folder that has it"

    @property
    def _path(self) -> Path:
        return Settings().data / self.file

    def _days(self) -> _Days | None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return None
        days = _read_days(_Version(self._path, stat.st_mtime_ns, stat.st_size))
        if self.target not in days.frame:
            raise DataUnreadable(f"{self.file}: no column {self.target!r}; name the target it has")
        return days

    def _night(self, as_of: date) -> Raw | None:
        days = self._days()
        if days is None or as_of not in days.rows:
            return None
        rows = days.frame.iloc[days.rows[as_of]].reset_index(drop=True)
        keyed = rows.assign(
            **{
                KEY: rows[TIME].dt.strftime("%Y-%m-%dT%H:%M:%S"),
                TIME: to_utc(rows[TIME], self.zone),
            }
        )
        return Raw(keyed, (days.file,))
