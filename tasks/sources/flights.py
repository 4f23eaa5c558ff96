"""Flights from a landing zone: a night's timetable, its weather and the aircraft register, joined.

How such a folder is filled for the demo is `deployments.landing`; what its columns must hold is
`schemas.datasets.flights`.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from schemas.batch import SourceFile
from schemas.errors import DataUnreadable
from schemas.settings import current_settings
from schemas.source import Raw, Source
from tasks.core.local_time import to_utc
from tasks.sources.delimited import parse_csv
from tasks.sources.joined import Join, JoinAsOf, Joined
from tasks.sources.places import describe, nights_in, read_bytes
from tasks.sources.side_files import SideFile
from tasks.sources.simulated import announce

ZONE = "America/New_York"
DATE = ("year", "month", "day")
CLOCKS = ("sched_dep_time", "sched_arr_time")
TIMETABLE = (*DATE, "carrier", "flight", "tailnum", "origin", "dest", *CLOCKS, "distance")
WEATHER = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib")
AIRCRAFT = ("year_built", "seats", "engines", "engine", "manufacturer")
LABELS = ("row_key", "late")

_IDENTITY = ("carrier", "flight", "origin", "dest", "sched_dep_time")


def flights_landing(folder: Path | None = None) -> Joined:
    """The demo's source: flights, the weather at origin in their hour, and their aircraft.

    Files lie in `folder`, or in the landing zone of the settings.
    """
    return Joined(
        rows=Timetable(folder=folder),
        joins=(
            JoinAsOf(
                name="weather",
                table=LandingFile(folder=folder, file="weather/{as_of}.jsonl"),
                on=("origin",),
                time="event_time",
                known_at="time_hour",
                zone="UTC",
                max_age_minutes=60,
                columns=WEATHER,
            ),
            Join(
                name="aircraft",
                table=LandingFile(folder=folder, file="aircraft.parquet"),
                on=("tailnum",),
                columns=AIRCRAFT,
            ),
        ),
    )


class Timetable(Source):
    """The nightly files of flights, and of which were late.

    Values come as they were delivered, but clock times: `sched_dep_time` and `sched_arr_time` are
    read as minutes after local midnight, what is no time says so. A column that is missing stays
    missing, and so does what would follow from it.
    """

    folder: Path | None = None

    def read(self, as_of: date) -> Raw | None:
        """The night's flights as they were planned."""
        found = self._delivered(f"flights/{as_of}.csv.gz")
        if found is None:
            return None
        return Raw(_no_rows() if found.frame.empty else _derive(found.frame), found.files)

    def read_labels(self, as_of: date) -> Raw | None:
        """Whether each flight of the night was late, by its row key."""
        name = f"labels/{as_of}.csv.gz"
        found = self._delivered(name)
        if found is None:
            return None
        labels = found.frame
        if labels.empty:
            labels = labels.reindex(columns=LABELS)
        if missing := sorted(set(LABELS) - set(labels.columns)):
            raise DataUnreadable(f"{name}: no column {missing}; have the file delivered again")
        return Raw(labels[list(LABELS)], found.files)

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The night's file of flights as it lies there now."""
        name = f"flights/{as_of}.csv.gz"
        data = read_bytes(self._root / name)
        return () if data is None else (describe(name, data),)

    def nights(self) -> tuple[date, ...]:
        """Nights with a file of flights."""
        return nights_in(self._root / "flights", ".csv.gz")

    def missing_hint(self) -> str | None:
        """A landing zone that was never laid out."""
        if (self._root / "flights").is_dir():
            return None
        return f"data not here: no landing zone in {self._root}; run `driftloop landing`"

    def announcements(self, as_of: date) -> tuple[str, ...]:
        """What the landing zone says is simulated on that night."""
        return announce(self._root, as_of)

    @property
    def _root(self) -> Path:
        return self.folder or current_settings().landing

    def _delivered(self, name: str) -> Raw | None:
        data = read_bytes(self._root / name)
        return None if data is None else Raw(parse_csv(data, name), (describe(name, data),))


class LandingFile(SideFile):
    """A side table in the landing zone."""

    folder: Path | None = None

    def _locate(self, name: str) -> str:
        return str((self.folder or current_settings().landing) / name)


def make_row_keys(timetable: pd.DataFrame) -> "pd.Series[str]":
    """`2013-01-01|UA|1545|EWR|IAH|515`: night, carrier, flight, origin, dest, planned departure.

    Destination and time tell apart flights of one number on one night. Null where a part is.
    """
    night = _dates(timetable)
    keys = ["|".join(row) for row in _texts(timetable.assign(night=night), "night", *_IDENTITY)]
    is_whole = timetable[list(_IDENTITY)].notna().all(axis=1) & night.notna()
    return pd.Series(keys, timetable.index, "str").where(is_whole)


def _no_rows() -> pd.DataFrame:
    """What an empty delivery holds: every column, so that none is called missing."""
    columns = dict.fromkeys(("row_key", *TIMETABLE), "str")
    types = {**columns, "event_time": "datetime64[us, UTC]"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})


def _derive(flights: pd.DataFrame) -> pd.DataFrame:
    """Add what follows from the columns that are there."""
    frame = flights.assign(
        **{clock: _minutes(flights[clock]) for clock in CLOCKS if clock in flights}
    )
    if not set(DATE) <= set(flights.columns):
        return frame
    if set(_IDENTITY) <= set(flights.columns):
        frame["row_key"] = make_row_keys(flights)
    if "sched_dep_time" in frame:
        frame["event_time"] = _instants(_dates(flights), frame["sched_dep_time"])
    return frame.drop(columns=list(DATE))


def _dates(flights: pd.DataFrame) -> "pd.Series[str]":
    """Dates as 2013-01-01, null where a part is."""
    dates = [f"{year}-{month:0>2}-{day:0>2}" for year, month, day in _texts(flights, *DATE)]
    return pd.Series(dates, flights.index, "str").where(flights[list(DATE)].notna().all(axis=1))


def _texts(frame: pd.DataFrame, *names: str) -> Iterator[tuple[str, ...]]:
    """Rows of these columns as text, which pandas' own strings are too slow for."""
    return zip(*(map(str, frame[name].tolist()) for name in names), strict=True)


def _minutes(clocks: "pd.Series[str]") -> "pd.Series[str]":
    minutes = [_minute_of_day(str(clock)) for clock in clocks.tolist()]
    return pd.Series(minutes, clocks.index, "str").where(clocks.notna())


@lru_cache(maxsize=4096)
def _minute_of_day(clock: str) -> str:
    """Minutes after midnight of a clock time written as 515 or 1342.

    >>> _minute_of_day("1342"), _minute_of_day("1375")
    ('822', 'not a time: 1375')
    """
    hour, minute = clock[:-2] or "0", clock[-2:]
    is_time = clock.isascii() and clock.isdigit() and len(clock) <= 4
    if not is_time or int(hour) > 23 or int(minute) > 59:
        return f"not a time: {clock}"
    return str(60 * int(hour) + int(minute))


def _instants(dates: "pd.Series[str]", minutes: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    midnights = pd.to_datetime(dates, format="%Y-%m-%d", errors="coerce")
    after = pd.to_timedelta(pd.to_numeric(minutes, errors="coerce"), unit="min")
    return to_utc(midnights + after, ZONE)
