"""A hard year carried out: each night delivered, run, struck and run again until it is recorded.

What happens is `benchmarks.year.plan`; what must hold is `benchmarks.year.checks`.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    lived = Lived(open_store(place.url, folder / "cache"), receiver.taken)
    preload()
    worker = Worker()
    with _stack(folder / "stack", year, is_calm=is_calm) as prefect:
        for night in year.live():
            told = landing.deliver(night)
            if night == CONTRACT_CHANGED:
                _change_contract(folder / "projects")
                told.append("the contract is changed")
            receiver.is_deaf = night in year.deaf and not is_calm
            if not is_calm and STACK_NIGHTS[0] <= night <= STACK_NIGHTS[1]:
                ended = prefect.night(night, lambda: _fresh(place, folder))
                lived.struck[ended] += 1
                lived.struck_nights.add(night)
                told.append(ended)
            strikes = f"{year.seed} {night}"
            with place.struck(strikes, is_outage=night in year.outages and not is_calm):
                attempts = [Attempt("none")] if is_calm else year.attempts(night)
                for ended in _until_recorded(
                    worker, night, attempts, lambda: _fresh(place, folder)
                ):
                    lived.struck[ended] += 1
                    lived.struck_nights.add(night)
                    told.append(ended)
            tell(f"{night} {'; '.join(told)}")
    worker.kill()
    lived.workers, lived.refused_alerts = worker.started, receiver.refused
    lived.store, lived.seconds = _fresh(place, folder), time.monotonic() - started
    return lived


def _until_recorded(
    worker: Worker,
    night: date,
    attempts: "Iterator[Attempt] | list[Attempt]",
    store: Callable[[], Store],
) -> Iterator[str]:
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
        elif attempt.strike == "none" and night_of(store(), PROJECT, night) is None:
            raise RuntimeError(f"{night}: the run ended without a record")


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


@contextmanager
def _stack(folder: Path, year: Year, *, is_calm: bool) -> Iterator[OnPrefect]:
    if is_calm or year.last < STACK_NIGHTS[1]:
        yield None  # type: ignore[misc]  # no night asks for it
        return
    with on_prefect(folder, year.seed) as prefect:
        yield prefect
