"""Worlds for tests: empty, young (a first champion nobody watches with yet), grown (calibrated).

Worlds that take seconds to build are built once a session and copied. In all of them a night costs
milliseconds, because three slow steps are cut short here and nowhere else: Evidently's page (the
verdict stays; that both agree is shown in tests/tasks/test_report.py), the first load of a model in
a process of its own (tests/tasks/engine/test_smoke.py), and waiting for the disk.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from schemas.monitoring import DriftReference
from tasks.core.drift import night_drift
from tasks.report import DriftReport
from tests.building.once import built_once
from tests.building.rows import day
from tests.building.source import LABELS, ORDERS
from tests.building.world import World

YOUNG, GROWN = 20, 116
"""Nights of history before the night that makes the first champion."""
SERVED = YOUNG + 3
"""The night of the first refresh."""
RECHECKED = 5
"""Nights whose deliveries are still looked at; older files are left out of the copies."""


def report_without_page(
    reference: DriftReference, _: pd.DataFrame, current: pd.DataFrame
) -> DriftReport:
    """What `report_drift` says, without Evidently."""
    return DriftReport(night_drift(reference, current), None)


def cut_short(patch: pytest.MonkeyPatch) -> None:
    """Spare the nights of a test Evidently's page and the model's first load in a child."""
    patch.setattr("tasks.engine.monitor.report_drift", report_without_page)
    patch.setattr("tasks.engine.publish.check_in_child", lambda *_: None)
    patch.setattr("tasks.store.local.os.fsync", lambda _: None)


def settle(root: Path, patch: pytest.MonkeyPatch) -> World:
    """A world in this folder, named by the environment."""
    patch.setenv("DRIFTLOOP_STORE", (root / "store").as_uri())
    patch.setenv("DRIFTLOOP_CACHE", str(root / "cache"))
    patch.setenv("DRIFTLOOP_LANDING", str(root / "landing"))
    patch.setenv("DRIFTLOOP_PROJECTS", str(root / "projects"))
    return World(root)


@contextmanager
def apart(root: Path) -> Iterator[World]:
    """A world in this folder that is built outside of any test."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        world = settle(root, patch)
        world.declare()
        yield world


def _with_champion(root: Path, history: int) -> Path:
    """Nights 0 to `history` - 1 at once, then the night that makes the first champion."""
    with apart(root) as world:
        world.deliver_all(range(history))
        world.history(0, history - 1)
        for number in range(history - RECHECKED):
            world.withdraw(f"{day(number)}{ORDERS}")
            world.withdraw(f"{day(number)}{LABELS}")
        world.deliver(history)
        world.night(history)
        assert world.champion is not None, [j.sentence for j in world.judgements()]
    return root


def _live_to_served(young: Path, root: Path) -> None:
    with apart(root) as world:
        World(young).copy_to(world.root)
        for number in range(YOUNG + 1, SERVED + 1):
            world.live(number)
        assert [move for move, _ in world.moves()] == ["promote", "promote"]


@pytest.fixture(scope="session")
def young_root(request: pytest.FixtureRequest) -> Path:
    """Read only."""
    return built_once(request, "young", partial(_with_champion, history=YOUNG))


@pytest.fixture(scope="session")
def served_root(young_root: Path, request: pytest.FixtureRequest) -> Path:
    """Read only."""
    return built_once(request, "served", partial(_live_to_served, young_root))


@pytest.fixture(scope="session")
def grown_root(request: pytest.FixtureRequest) -> Path:
    """Read only."""
    return built_once(request, "grown", partial(_with_champion, history=GROWN))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Nothing but the project file."""
    cut_short(monkeypatch)
    made = settle(tmp_path, monkeypatch)
    made.declare()
    return made


@pytest.fixture
def young(young_root: Path, world: World) -> World:
    """Night YOUNG made the first champion; its drift reference is still insufficient."""
    return World(young_root).copy_to(world.root)


@pytest.fixture
def served(served_root: Path, world: World) -> World:
    """Night SERVED promoted a second champion, by a scheduled refresh."""
    return World(served_root).copy_to(world.root)


@pytest.fixture
def grown(grown_root: Path, world: World) -> World:
    """Night GROWN made the first champion; its drift reference is calibrated."""
    return World(grown_root).copy_to(world.root)
