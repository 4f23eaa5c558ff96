"""Flights from a landing zone: a night's timetable, its weather and the aircraft register, joined.

How such a folder is filled for the demo is `deployments.landing`; what its columns must hold is
`schemas.datasets.flights`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from schemas.batch import SourceFile
from schemas.errors import DataUnreadable
from schemas.project import Raw, Source
from schemas.settings import Settings
from tasks.core.local_time import to_utc
from tasks.sources.formats import parse_csv, parse_json_lines, parse_parquet
from tasks.sources.places import describe, nights_in, read_bytes
from tasks.sources.simulated import announce

ZONE = "America/New_York"
DATE = ("year", "month", "day")
CLOCKS = ("sched_dep_time", "sched_arr_time")
TIMETABLE = (*DATE, "carrier", "flight", "tailnum", "origin", "dest", *CLOCKS, "distance")
WEATHER = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib")
AIRCRAFT = ("year_built", "seats", "engines", "engine", "manufacturer")
LABELS = ("row_key", "late")

_IDENTITY = ("carrier", "flight", "origin", "dest", "sched_dep_time")
_HOUR = "hour of weather"


class FlightsLanding(Source):
    """Nightly files in one folder: the landing zone of the settings, unless a folder is named.

    Values come as they were delivered, but clock times: `sched_dep_time` and `sched_arr_time` are
    read as minutes after local midnight, what is no time says so. A column that is missing stays
    missing, and so does what would follow from it. Without a file of weather or aircraft their
    columns are null; a file that cannot be joined leaves them missing.
    """

    folder: Path | None = None

    def read(self, as_of: date) -> Raw | None:
        """The night's flights, each with the weather of its hour at origin and its aircraft."""
        names = self._names(as_of)
        delivered = self._bytes(names)
        if names[0] not in delivered:
            return None
        flights = parse_csv(delivered[names[0]], names[0])
        if flights.empty:
            return Raw(_no_rows(), _described(delivered))
        weather = parse_json_lines(delivered.get(names[1], b""), names[1])
        aircraft = _read_aircraft(delivered[names[2]], names[2]) if names[2] in delivered else None
        frame = _join(_derive(flights), _by_hour(weather), ("origin", _HOUR), WEATHER, names[1])
        frame = _join(frame, aircraft, ("tailnum",), AIRCRAFT, names[2])
        return Raw(frame.drop(columns=_HOUR, errors="ignore"), _described(delivered))

    def read_labels(self, as_of: date) -> Raw | None:
        """Whether each flight of the night was late, by its row key."""
        name = f"labels/{as_of}.csv.gz"
        delivered = self._bytes([name])
        if name not in delivered:
            return None
        labels = parse_csv(delivered[name], name)
        if labels.empty:
            labels = labels.reindex(columns=LABELS)
        if missing := sorted(set(LABELS) - set(labels.columns)):
            raise DataUnreadable(f"{name}: no column {missing}; have the file delivered again")
        return Raw(labels[list(LABELS)], _described(delivered))

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        """The files of the night as they lie there now; nothing while its flights are not."""
        names = self._names(as_of)
        delivered = self._bytes(names)
        return _described(delivered) if names[0] in delivered else ()

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
        return self.folder or Settings().landing

    @staticmethod
    def _names(as_of: date) -> tuple[str, str, str]:
        return f"flights/{as_of}.csv.gz", f"weather/{as_of}.jsonl", "aircraft.parquet"

    def _bytes(self, names: Sequence[str]) -> dict[str, bytes]:
        root = self._root
        found = {name: read_bytes(root / name) for name in names}
        return {name: data for name, data in found.items() if data is not None}


def make_row_keys(timetable: pd.DataFrame) -> "pd.Series[str]":
    """`2013-01-01|UA|1545|EWR|IAH|515`: night, carrier, flight, origin, dest, planned departure.

    Destination and time tell apart flights of one number on one night. Null where a part is.
    """
    night = _dates(timetable)
    keys = ["|".join(row) for row in _texts(timetable.assign(night=night), "night", *_IDENTITY)]
    is_whole = timetable[list(_IDENTITY)].notna().all(axis=1) & night.notna()
    return pd.Series(keys, timetable.index, "str").where(is_whole)


@lru_cache(maxsize=2)
def _read_aircraft(data: bytes, name: str) -> pd.DataFrame:
    """The register, read once for as long as it is the same; nobody changes the frame."""
    return parse_parquet(data, name)


def _described(delivered: dict[str, bytes]) -> tuple[SourceFile, ...]:
    return tuple(describe(name, data) for name, data in delivered.items())


def _no_rows() -> pd.DataFrame:
    """What an empty delivery holds: every column, so that none is called missing."""
    columns = dict.fromkeys(("row_key", *TIMETABLE, *WEATHER, *AIRCRAFT), "str")
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
        frame[_HOUR] = frame["event_time"].dt.floor("h")
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


def _by_hour(weather: pd.DataFrame) -> pd.DataFrame | None:
    """Weather with its hour as an instant; None where no row was delivered."""
    if weather.empty:
        return None
    if "time_hour" not in weather:
        return weather
    written = weather["time_hour"].astype("str")
    hours = pd.to_datetime(written, utc=True, errors="coerce", format="ISO8601")
    return weather.assign(**{_HOUR: hours.dt.as_unit("us")})


def _join(
    frame: pd.DataFrame,
    other: pd.DataFrame | None,
    keys: tuple[str, ...],
    columns: tuple[str, ...],
    name: str,
) -> pd.DataFrame:
    """Add columns of another feed by its keys, which it may have only once."""
    if other is None or not set(keys) <= set(frame.columns):
        return frame.assign(**{column: None for column in columns if column not in frame})
    if not set(keys) <= set(other.columns):
        return frame
    there = [column for column in columns if column in other and column not in frame]
    known = other[[*keys, *there]].dropna(subset=list(keys)).astype({keys[0]: "str"})
    repeated = known.loc[known.duplicated(list(keys)), list(keys)]
    if len(repeated):
        first = ", ".join(str(value) for value in repeated.iloc[0])
        raise DataUnreadable(
            f"{name}: {len(repeated)} rows repeat a key that must be there once, first {first}; "
            "have the file delivered again"
        )
    return frame.merge(known, on=list(keys), how="left")
