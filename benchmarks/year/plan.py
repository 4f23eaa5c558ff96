"""What happens in a hard year, drawn from its seed: deliveries, kills, faults, deaf receivers.

The same seed is the same year, on whatever store. Carrying it out is `benchmarks.year.driver`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from deployments.simulation import BrokenNight, ChangedWorld, Event, UnitFault

FIRST, LAST = date(2013, 1, 1), date(2013, 12, 31)
HISTORY_TO = date(2013, 2, 25)
"""Loaded by the older version, with the first champion and the nights to OLDER_TO."""
OLDER_TO = date(2013, 3, 5)
CLOCKS = (date(2013, 3, 10), date(2013, 11, 3))
CHANGED_WORLD = date(2013, 7, 1)
CONTRACT_CHANGED = date(2013, 9, 15)
STACK_NIGHTS = (date(2013, 10, 8), date(2013, 10, 13))
"""These run on a Prefect server and a worker of their own, which are killed."""

Strike = Literal["none", "kill", "store"]
Change = Literal["late", "labels late", "reissued", "broken", "empty"]


@dataclass(frozen=True)
class Attempt:
    """One run of a night: killed after so many seconds, or its store fails at so many calls."""

    strike: Strike
    seconds: float = 0.0
    calls: int = 0


@dataclass(frozen=True)
class Delivery:
    """A night whose files do not come as they should; the run of `until` sees them right."""

    night: date
    change: Change
    until: date


@dataclass
class Year:
    """The plan of one seed."""

    seed: int
    nights: int = 365
    deliveries: list[Delivery] = field(default_factory=list)
    deaf: set[date] = field(default_factory=set)
    """Runs during which the receiver of alerts refuses."""
    outages: set[date] = field(default_factory=set)
    """Runs during which the server of the store is killed and started again, where it has one."""

    @property
    def last(self) -> date:
        """The last night."""
        return min(LAST, FIRST + timedelta(days=self.nights - 1))

    @property
    def events(self) -> tuple[Event, ...]:
        """What is written into the files before they are delivered."""
        broken = [d.night for d in self.deliveries if d.change == "broken"]
        return (
            ChangedWorld(first=CHANGED_WORLD),
            *(BrokenNight(first=night, last=night) for night in broken),
            *(UnitFault(first=night, last=night) for night in self.unit_faults),
        )

    @property
    def unit_faults(self) -> tuple[date, ...]:
        """Nights on which a feed changes its unit, for good."""
        return (date(2013, 5, 20), date(2013, 11, 21))

    def live(self) -> Iterator[date]:
        """The nights that this version runs, in order."""
        night = OLDER_TO + timedelta(days=1)
        while night <= self.last:
            yield night
            night += timedelta(days=1)

    def attempts(self, night: date) -> Iterator[Attempt]:
        """The runs of a night until one may end; at most five, the last one undisturbed."""
        draw = random.Random(f"{self.seed} {night}")
        for _ in range(4):
            chance = draw.random()
            if chance < 0.25:
                yield Attempt("kill", seconds=draw.expovariate(1 / 0.4))
            elif chance < 0.35:
                yield Attempt("store", calls=draw.randrange(1, 25))
            else:
                break
        yield Attempt("none")


def draw_year(seed: int, nights: int) -> Year:
    """The year of a seed: about one night in eight is delivered late, anew, broken or empty."""
    year = Year(seed, nights)
    draw = random.Random(seed)
    for night in year.live():
        chance = draw.random()
        if night in (*CLOCKS, *year.unit_faults, year.last):
            continue
        later = night + timedelta(days=draw.randint(1, 3))
        for below, change in _CHANCES:
            if chance < below:
                year.deliveries.append(Delivery(night, change, min(later, year.last)))
                break
        if draw.random() < 0.08:
            year.deaf.add(night)
        if draw.random() < 0.01:
            year.outages.add(night)
    return year


_CHANCES: tuple[tuple[float, Change], ...] = (
    (0.035, "late"),
    (0.065, "labels late"),
    (0.095, "reissued"),
    (0.11, "broken"),
    (0.12, "empty"),
)
