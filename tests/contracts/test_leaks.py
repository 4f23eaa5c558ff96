"""Shipped projects raise no leak alarm, and a leak that is put into one is named."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pandera.typing import Series

from deployments.landing import lay_out
from flows.find import find_project
from schemas.contract import column
from schemas.datasets.bikes import Bikes
from schemas.datasets.flights import Flights
from schemas.examination import Examination
from schemas.judgement import Cause, Judgement
from schemas.project import Project
from tasks.engine.attempt import make_attempt
from tasks.engine.history import ingest_history
from tasks.features.categories import Categories
from tasks.features.numbers import Numbers
from tasks.store import open_store

pytestmark = pytest.mark.slow

FIRST, NIGHTS = date(2013, 1, 1), 24


class BikesWithRiders(Bikes):
    """Rides by registered riders, most of the target, as a feature."""

    registered: Series[float] = column("feature", ge=0)


class FlightsWithTails(Flights):
    """The tail number, which only cancelled flights lack, as a feature."""

    tailnum: Series[str] = column("feature", nullable=True)


@pytest.fixture(scope="module")
def flights_zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough nights for a first champion."""
    folder = tmp_path_factory.mktemp("zone")
    lay_out(folder, FIRST, FIRST + timedelta(days=NIGHTS))
    return folder


def _find(name: str, zone: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("DRIFTLOOP_LANDING", str(zone))
    project = find_project(name)
    if hint := project.source.missing_hint():
        pytest.skip(hint)
    return project


def _examine(project: Project, folder: Path) -> Examination:
    store = open_store((folder / "store").as_uri(), folder / "cache")
    first = project.source.nights()[0]
    last = first + timedelta(days=NIGHTS)
    ingest_history(store, project, first, last)
    key = make_attempt(store, project, last, Cause(kind="person"))
    assert key is not None
    examination = store.record(key, Judgement).examination
    assert examination is not None
    return examination


@pytest.mark.parametrize("name", ["bikes", "electricity", "flights"])
def test_a_shipped_project_raises_no_alarm(
    name: str, flights_zone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examination = _examine(_find(name, flights_zone, monkeypatch), tmp_path)
    assert examination.alarms == ()
    assert examination.gains


def test_registered_riders_are_named_in_bikes(
    flights_zone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bikes = _find("bikes", flights_zone, monkeypatch)
    source = bikes.source.model_copy(update={"afterwards": ("casual",)})
    features = (*bikes.features, Numbers(columns=("registered",)))
    leaky = {"contract": BikesWithRiders, "source": source, "features": features}
    examination = _examine(bikes.model_copy(update=leaky), tmp_path)
    assert [(a.rule, a.column) for a in examination.alarms] == [("single_feature", "registered")]


@pytest.mark.parametrize("known_from", [1, 20])
def test_tail_numbers_are_named_in_flights(
    known_from: int, flights_zone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flights = _find("flights", flights_zone, monkeypatch)
    step = Categories(columns=("tailnum",), min_rows=known_from)
    leaky = {"contract": FlightsWithTails, "features": (*flights.features, step)}
    examination = _examine(flights.model_copy(update=leaky), tmp_path)
    assert [(a.rule, a.column) for a in examination.alarms] == [("missingness", "tailnum")]
