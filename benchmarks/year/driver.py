"""A hard year carried out: each night delivered, run, struck and run again until it is recorded.

What happens is `benchmarks.year.plan`; what must hold is `benchmarks.year.checks`.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from benchmarks.year.landing import Landing
from benchmarks.year.older import run_older
from benchmarks.year.plan import CONTRACT_CHANGED, STACK_NIGHTS, Attempt, Year
from benchmarks.year.receiver import Receiver
from benchmarks.year.stack import OnPrefect, on_prefect
from benchmarks.year.stores import Place
from benchmarks.year.work import PROJECT, Worker, preload
from deployments.copying import copy_store
from tasks.engine.standing import night_of
from tasks.store import Store, open_store

Tell = Callable[[str], None]

_CONTRACT = '''"""Flights with a contract of their own: distances have a limit."""

from typing import Annotated

from pandera.typing import Series

from flows.projects.flights import PROJECT as SHIPPED
from schemas.contract import column
from schemas.datasets.flights import Flights


class LimitedFlights(Flights):
    """The same columns."""

    distance: Series[float] = column(
        "feature", meaning="great circle", unit="miles", owner="timetable feed", ge=0, le=6000
    )


PROJECT = SHIPPED.model_copy(update={"contract": LimitedFlights})
'''


@dataclass
class Lived:
    """How a year went."""

    store: Store
    received: list[tuple[str, str]]
    struck_nights: set[date] = field(default_factory=set)
    struck: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    workers: int = 0
    refused_alerts: int = 0


def live_year(year: Year, place: Place, folder: Path, *, is_calm: bool, tell: Tell) -> Lived:
    """Run every night of the year over a new store; a calm year meets the same deliveries alone."""
    started = time.monotonic()
    receiver = Receiver()
    _settle(folder, place, receiver.start())
    landing = Landing(year, folder / "source", folder / "landing")
    landing.prepare()
    _begin_with_older(folder, place, tell)
    preload()
    lived = Lived(_fresh(place, folder), receiver.taken)
    with _Driver(year, place, folder, is_calm, receiver, landing, lived) as driver:
        for night in year.live():
            tell(f"{night} {'; '.join(driver.live(night))}")
    lived.workers, lived.refused_alerts = driver.worker.started, receiver.refused
    lived.store, lived.seconds = _fresh(place, folder), time.monotonic() - started
    return lived


@dataclass
class _Driver:
    """What lives a year's nights: a worker, and for some nights a Prefect server and its own."""

    year: Year
    place: Place
    folder: Path
    is_calm: bool
    receiver: Receiver
    landing: Landing
    lived: Lived
    worker: Worker = field(default_factory=Worker)
    _closing: ExitStack = field(default_factory=ExitStack)
    _prefect: OnPrefect | None = None

    def __enter__(self) -> "_Driver":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()
        self.worker.kill()

    def live(self, night: date) -> list[str]:
        """Deliver, run, strike and run again until the night is recorded; what happened."""
        told = self.landing.deliver(night)
        if night == CONTRACT_CHANGED:
            _change_contract(self.folder / "projects")
            told.append("the contract is changed")
        told += self._run(night)
        if night_of(self._fresh(), PROJECT, night) is None:
            raise RuntimeError(f"{night}: the runs ended without a record")
        return told

    def _run(self, night: date) -> list[str]:
        if self.is_calm:
            return self._note(night, _until_done(self.worker, night, [Attempt("none")]))
        told = []
        self.receiver.is_deaf = night in self.year.deaf
        if STACK_NIGHTS[0] <= night <= STACK_NIGHTS[1]:
            told += self._note(night, [self._on_prefect().night(night, self._fresh)])
        strikes = f"{self.year.seed} {night}"
        with self.place.struck(strikes, is_outage=night in self.year.outages):
            return told + self._note(
                night, _until_done(self.worker, night, self.year.attempts(night))
            )

    def _fresh(self) -> Store:
        """The store as a process that knows nothing sees it."""
        return _fresh(self.place, self.folder)

    def _on_prefect(self) -> OnPrefect:
        if self._prefect is None:
            stack = on_prefect(self.folder / "stack", self.year.seed)
            self._prefect = self._closing.enter_context(stack)
        return self._prefect

    def _note(self, night: date, struck: Iterable[str]) -> list[str]:
        told = list(struck)
        self.lived.struck.update(told)
        self.lived.struck_nights.update([night] if told else [])
        return told


def _until_done(worker: Worker, night: date, attempts: Iterable[Attempt]) -> Iterator[str]:
    """Run until an undisturbed run has ended; what each struck run ended with."""
    for attempt in attempts:
        ended = worker.run(night, attempt)
        if ended == "killed":
            yield "killed"
        elif ended != "done":
            yield ended.partition(":")[0]
            if attempt.strike == "none":
                ended = worker.run(night, attempt)  # as the schedule's next hour does
                if ended != "done":
                    raise RuntimeError(f"{night}: {ended}")


def _settle(folder: Path, place: Place, alerts: str) -> None:
    (folder / "projects").mkdir()
    os.environ |= {
        "DRIFTLOOP_STORE": place.url,
        "DRIFTLOOP_CACHE": str(folder / "cache"),
        "DRIFTLOOP_LANDING": str(folder / "landing"),
        "DRIFTLOOP_PROJECTS": str(folder / "projects"),
        "DRIFTLOOP_ALERT_URLS": alerts,
        "OMP_NUM_THREADS": "1",
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }


def _begin_with_older(folder: Path, place: Place, tell: Tell) -> None:
    tell("older version: history, first champion, a week of nights")
    old = folder / ("store" if place.proxy is None else "older-store")
    run_older(folder, old)
    if place.proxy is not None:
        copied = copy_store(old.as_uri(), place.url)
        tell(f"copied to {place.url}: {copied.copied} objects, {len(copied.findings)} findings")


def _change_contract(projects: Path) -> None:
    (projects / f"{PROJECT}.py").write_text(_CONTRACT)


def _fresh(place: Place, folder: Path) -> Store:
    """The store as a process that knows nothing sees it."""
    return open_store(place.url, folder / "cache")
