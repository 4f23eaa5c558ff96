"""A world of its own for a test: deliveries, project file, store; and its nights run in order.

The folders are those that `tests/conftest.py` names in the environment.
"""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from flows.find import find_project
from flows.ingest import history
from flows.nightly import nightly
from schemas.judgement import Judgement
from schemas.night import Night
from schemas.project import Project
from tasks.engine import usable
from tasks.engine.frames import FrameMemory
from tasks.engine.standing import night_of
from tasks.home import _opened, home
from tasks.store import Store
from tasks.store.ledger import entries, read_standing
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.source import AHEAD, LABELS, ORDERS

PROJECT_FILE = '''"""The project of a test."""

from schemas.project import Project
from tests.building.contract import *
from tests.building.gates import *
from tests.building.project import *

PROJECT = build_project({arguments})
'''


@dataclass(frozen=True)
class World:
    """Folders under `root`: landing, projects, store, cache."""

    root: Path

    @property
    def store(self) -> Store:
        """The store as this process has it open."""
        return home()

    @property
    def project(self) -> Project:
        """The project as its file says now."""
        return find_project(NAME)

    def declare(self, arguments: str = "") -> None:
        """Write the project file: `build_project(<arguments>)`."""
        folder = self.root / "projects"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{NAME}.py").write_text(PROJECT_FILE.format(arguments=arguments))

    def deliver(self, number: int, orders: pd.DataFrame | None = None) -> pd.DataFrame:
        """Deliver the orders of night `number`, by default usual ones."""
        orders = build_orders(number) if orders is None else orders
        self._write(f"{day(number)}{ORDERS}", orders)
        return orders

    def label(self, number: int, labels: pd.DataFrame | None = None) -> None:
        """Deliver the labels of night `number`, by default those of its delivered orders."""
        if labels is None:
            orders = pd.read_csv(self.root / "landing" / f"{day(number)}{ORDERS}")
            labels = build_labels(number, orders)
        self._write(f"{day(number)}{LABELS}", labels)

    def deliver_all(self, numbers: Iterable[int]) -> None:
        """Deliver usual nights and their labels."""
        for number in numbers:
            self.deliver(number)
            self.label(number)

    def foresee(self, number: int, orders: pd.DataFrame | None = None) -> pd.DataFrame:
        """Deliver the orders to be predicted as of night `number`, by default the next night's."""
        orders = build_orders(number + 1) if orders is None else orders
        self._write(f"{day(number)}{AHEAD}", orders)
        return orders

    def withdraw(self, name: str) -> None:
        """Take a delivered file away."""
        (self.root / "landing" / name).unlink()

    def history(self, first: int, last: int) -> tuple[str, ...]:
        """Ingest many nights in one run."""
        return history.fn(NAME, day(first), day(last))

    def night(self, number: int) -> Night:
        """Run the nightly flow of one night and return the record that it ends with."""
        return self.store.record(nightly.fn(NAME, day(number)), Night)

    def live(self, number: int) -> Night:
        """A usual night as it comes: yesterday's labels, tonight's orders, the nightly run."""
        delivered = self.root / "landing" / f"{day(number - 1)}{ORDERS}"
        if delivered.is_file() and len(delivered.read_text().splitlines()) > 1:
            self.label(number - 1)
        self.deliver(number)
        return self.night(number)

    def recorded(self, number: int) -> Night:
        """The newest record of a night."""
        found = night_of(self.store, NAME, day(number))
        assert found is not None, f"night {number} was never recorded"
        return found[1]

    def judgements(self, number: int | None = None) -> list[Judgement]:
        """Retrain attempts in order, of one night or of all."""
        as_of = None if number is None else day(number)
        keys = [key for _, key in self.store.places("judgements", NAME, as_of)]
        return [self.store.record(key, Judgement) for key in keys]

    def moves(self) -> list[tuple[str, date]]:
        """The ledger in short: what was done, and the newest night then."""
        return [(entry.action, entry.as_of) for entry in entries(self.store, NAME)]

    @property
    def champion(self) -> str | None:
        """The version in service."""
        return read_standing(self.store, NAME).champion

    def files(self, *folders: str) -> dict[str, bytes]:
        """Every stored object by key, or those of some folders."""
        top = self.root / "store"
        tops = [top / folder for folder in folders] or [top]
        paths = sorted(path for one in tops for path in one.rglob("*") if path.is_file())
        return {
            str(path.relative_to(top)): path.read_bytes()
            for path in paths
            if ".tmp" not in path.parts
        }

    def forget(self) -> None:
        """What a new process knows: nothing but the store."""
        _opened.cache_clear()
        usable._memory = FrameMemory(limit=400_000_000)

    def copy_to(self, root: Path) -> "World":
        """A world that goes on from here."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return World(root)

    def _write(self, name: str, frame: pd.DataFrame) -> None:
        folder = self.root / "landing"
        folder.mkdir(parents=True, exist_ok=True)
        frame.to_csv(folder / name, index=False)


def dump(record: Night) -> str:
    """A record for a failing test's message."""
    return json.dumps(record.model_dump(mode="json"), indent=1)
