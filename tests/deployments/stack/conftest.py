"""Stacks of a test: one of stand-ins, begun anew for each test, and a real one for them all."""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deployments.stack import Stack, processes, start, stop
from deployments.stack.environment import mark_of
from deployments.stack.state import State, load
from tests.architecture.tree import ROOT
from tests.deployments.stack import stand_in

SECRET = "json://someone:tops3cret@127.0.0.1:9/"


@dataclass
class Local:
    """A stack's folder and what was told about it."""

    folder: Path
    env: dict[str, str]
    told: list[str] = field(default_factory=list)

    def up(self, **changes: str) -> Stack:
        """Start or complete it; `told` is what that said."""
        self.told.clear()
        return start(self.folder, {**self.env, **changes}, self.told.append)

    def down(self) -> tuple[str, ...]:
        """Stop it."""
        return stop(self.folder)

    @property
    def state(self) -> State:
        """What it remembers."""
        state = load(self.folder)
        assert state is not None
        return state

    def pid(self, part: str) -> int:
        """The process of a part."""
        return self.state.parts[part].pid

    def marked(self) -> Mapping[int, str]:
        """Every process that carries its mark."""
        return processes.marked(mark_of(self.folder))


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    """A stack of stand-ins that nobody started yet."""
    spawn = processes.spawn

    def spawn_stand_in(
        command: list[str], env: Mapping[str, str], folder: Path, log: Path
    ) -> processes.Process:
        known = [part for part in ("server", "worker", "pages") if part in " ".join(command)]
        if not known:
            return spawn(command, env, folder, log)
        port = [command[command.index("--port") + 1]] if "--port" in command else []
        return spawn([sys.executable, stand_in.__file__, *known, *port], env, folder, log)

    monkeypatch.setattr(processes, "spawn", spawn_stand_in)
    local = Local(tmp_path / "here" / ".driftloop", dict(os.environ))
    yield local
    local.down()
    assert local.marked() == {}


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """A real stack; a test leaves it up, or down, as it likes."""
    folder = tmp_path_factory.mktemp("stack") / ".driftloop"
    env = {
        **os.environ,
        "DRIFTLOOP_ALERT_URLS": SECRET,
        "DRIFTLOOP_CACHE": "cache",
        "DRIFTLOOP_STORE": (folder / "store").as_uri(),
        "PREFECT_API_KEY": "another-server's",
        "PREFECT_API_URL": "http://127.0.0.1:1/api",
        "PYTHONPATH": str(ROOT),  # where the flow of these tests is
    }
    local = Local(folder, env)
    yield local
    local.down()
    assert local.marked() == {}
