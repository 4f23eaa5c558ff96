"""Scripted events of a landing zone: what happens, to which rows, and how people are told.

The pipeline knows nothing of them. Writing the files is `deployments.landing`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from schemas.errors import InvalidName
from schemas.names import check_night
from tasks.sources.simulated import Simulated

KM_PER_MILE = 1.609344

_DAY = 24 * 60  # minutes
_OPENING = 5 * 60


@dataclass(frozen=True)
class Night:
    """One night on its way into the landing zone: flights with `arr_delay` in minutes, weather.

    `routes` are the lengths in miles of all routes flown that year, by (origin, dest).
    """

    as_of: date
    flights: pd.DataFrame
    weather: pd.DataFrame
    routes: Mapping[tuple[str, str], str]


class Event(BaseModel, ABC):
    """Something that happens on the nights from `first` to `last`, or for good without a last."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]

    first: date
    last: date | None = None

    def covers(self, night: date) -> bool:
        """Whether it shows on that night."""
        return self.first <= night and (self.last is None or night <= self.last)

    def announce(self) -> Simulated:
        """What people are told wherever it shows."""
        span = f"from {self.first} to {self.last}" if self.last else f"from {self.first} on"
        if self.first == self.last:
            span = f"on {self.first}"
        sentence = f"Simulated: {span}, {self.what()}."
        return Simulated(first=self.first, last=self.last, kind=self.kind, sentence=sentence)

    @abstractmethod
    def what(self) -> str:
        """What happens, as the end of a sentence."""


class WorldEvent(Event):
    """Changes what happens in the air, hence flights and their labels."""

    @abstractmethod
    def change(self, night: Night) -> Night:
        """The night as it goes in the changed world."""


class DeliveryEvent(Event):
    """Spoils what is delivered, not what happens: the labels stay, corrected files can follow."""

    @abstractmethod
    def spoil(self, night: Night) -> Night:
        """The night as it is delivered."""


class ChangedWorld(WorldEvent):
    """One carrier moves to another airport with a later timetable, and the airport clogs up.

    Flights that would then leave after midnight keep their time. Each flight out of that airport
    arrives later by a time drawn from an exponential distribution, seeded by the night. Its mean
    grows through the day from half of `delay_minutes` at 5 o'clock to one and a half times at
    midnight, as queues do; flights that were there before get a quarter of it.
    """

    kind: ClassVar[str] = "changed-world"

    carrier: str = "UA"
    to_airport: str = "LGA"
    shift_minutes: int = Field(default=90, ge=0, lt=_DAY)
    delay_minutes: float = Field(default=20.0, gt=0)
    seed: int = 2013

    def what(self) -> str:
        return (
            f"carrier {self.carrier} flies from {self.to_airport} and {self.shift_minutes} minutes "
            f"later, and all flights from {self.to_airport} are delayed more"
        )

    def change(self, night: Night) -> Night:
        flights = night.flights.copy()
        moved = flights["carrier"] == self.carrier
        flights.loc[moved, "origin"] = self.to_airport
        leaves, arrives = (_minutes(flights[c]) for c in ("sched_dep_time", "sched_arr_time"))
        shifted = moved & (leaves + self.shift_minutes < _DAY)
        flights.loc[shifted, "sched_dep_time"] = _clocks(leaves + self.shift_minutes)
        flights.loc[shifted, "sched_arr_time"] = _clocks(arrives + self.shift_minutes)
        flights["distance"] = _lengths(flights, night.routes)
        flights["arr_delay"] += self._extra_minutes(night.as_of, flights, moved)
        return replace(night, flights=flights)

    def _extra_minutes(
        self, night: date, flights: pd.DataFrame, moved: "pd.Series[bool]"
    ) -> "pd.Series[float]":
        draws = np.random.default_rng([self.seed, night.toordinal()]).exponential(size=len(flights))
        day_gone = (_minutes(flights["sched_dep_time"]) - _OPENING) / (_DAY - _OPENING)
        queue = self.delay_minutes * (0.5 + day_gone.clip(lower=0))
        share = np.where(moved, 1.0, 0.25) * (flights["origin"] == self.to_airport)
        return pd.Series(queue * draws * share, flights.index)


class UnitFault(DeliveryEvent):
    """The weather feed sends visibility in kilometres instead of miles."""

    kind: ClassVar[str] = "fault"

    def what(self) -> str:
        return "the weather feed sends visibility in kilometres instead of miles"

    def spoil(self, night: Night) -> Night:
        visibility = (night.weather["visib"] * KM_PER_MILE).round(2)
        return replace(night, weather=night.weather.assign(visib=visibility))


class BrokenNight(DeliveryEvent):
    """The timetable comes with its departure times under another column name."""

    kind: ClassVar[str] = "broken"

    def what(self) -> str:
        return "the timetable calls its column sched_dep_time planned_departure"

    def spoil(self, night: Night) -> Night:
        renamed = night.flights.rename(columns={"sched_dep_time": "planned_departure"})
        return replace(night, flights=renamed)


_KINDS: dict[str, type[Event]] = {e.kind: e for e in (ChangedWorld, UnitFault, BrokenNight)}


def parse_events(texts: Sequence[str]) -> tuple[Event, ...]:
    """Events as a person writes them, `changed-world=2013-07-10` or `fault=2013-08-01..2013-08-03`.

    One night means that night for `broken`, and from that night on for the others.

    Raises:
        InvalidName: the kind is unknown, or the nights are no dates in order.
    """
    return tuple(_parse(text) for text in texts)


def _parse(text: str) -> Event:
    kind, _, nights = text.partition("=")
    if kind not in _KINDS:
        raise InvalidName(
            f"event {text[:80]!a} is refused: write KIND=NIGHT or KIND=FIRST..LAST, "
            f"with one of the kinds {', '.join(_KINDS)}"
        )
    start, dots, end = nights.partition("..")
    first = check_night(start)
    last = check_night(end) if dots else first if kind == BrokenNight.kind else None
    if last and last < first:
        raise InvalidName(f"event {text[:80]!a} is refused: it ends before it begins")
    return _KINDS[kind](first=first, last=last)


def _minutes(clocks: "pd.Series[Any]") -> "pd.Series[int]":
    numbers = clocks.astype(int)
    return numbers // 100 * 60 + numbers % 100


def _clocks(minutes: "pd.Series[int]") -> "pd.Series[Any]":
    of_day = minutes % _DAY
    return (of_day // 60 * 100 + of_day % 60).astype("str").astype(object)


def _lengths(flights: pd.DataFrame, routes: Mapping[tuple[str, str], str]) -> list[str]:
    """Lengths of the routes; the airports are close, so a route never flown keeps its length."""
    rows = zip(flights["origin"], flights["dest"], flights["distance"], strict=True)
    return [routes.get((origin, dest), distance) for origin, dest, distance in rows]
