"""A stretch of a hard year on a Prefect server and a worker of their own, both killed at random."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from benchmarks.year.work import PROJECT
from deployments.server import connect
from deployments.stack import Stack, start, stop
from deployments.stack.after import after_start
from deployments.stack.remains import flow_runs
from deployments.stack.state import load
from tasks.engine.standing import night_of
from tasks.store import Store

_PATIENCE_SECONDS = 120.0
_VICTIMS = ("worker", "server", "run")


@dataclass
class OnPrefect:
    """The stack in its folder; what was killed."""

    folder: Path
    stack: Stack
    draw: random.Random
    killed: list[str] = field(default_factory=list)

    def night(self, as_of: date, store: Callable[[], Store]) -> str:
        """Submit a night to the worker, kill a part half way or nothing; how it ended."""
        self.stack = start(self.folder, os.environ, _silent)
        with connect(self.stack) as client:
            deployment = client.read_deployment_by_name(f"nightly/{PROJECT}").id
            client.create_flow_run_from_deployment(
                deployment, parameters={"project": PROJECT, "as_of": str(as_of)}
            )
        victim = self.draw.choice((*_VICTIMS, "nothing"))
        if victim == "nothing":
            self._await(as_of, store)
            return "ran on Prefect"
        self._await_process()
        time.sleep(self.draw.uniform(0.5, 6))
        self._kill(victim)
        return f"{victim} killed"

    def _await(self, as_of: date, store: Callable[[], Store]) -> None:
        ends = time.monotonic() + _PATIENCE_SECONDS
        while night_of(store(), PROJECT, as_of) is None or flow_runs(self.folder):
            if time.monotonic() > ends:
                raise TimeoutError(
                    f"{as_of}: no night record {_PATIENCE_SECONDS:g} s after its run"
                )
            time.sleep(0.5)

    def _await_process(self) -> None:
        ends = time.monotonic() + _PATIENCE_SECONDS
        while not flow_runs(self.folder):
            if time.monotonic() > ends:
                raise TimeoutError("the worker started no run")
            time.sleep(0.1)

    def _kill(self, victim: str) -> None:
        state = load(self.folder)
        pids = list(flow_runs(self.folder))
        if victim != "run" and state:
            pids += [state.parts[victim].pid]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.killed.append(victim)


@contextmanager
def on_prefect(folder: Path, seed: int) -> Iterator[OnPrefect]:
    """A stack as long as the block lasts."""
    folder.mkdir()
    stack = start(folder, os.environ, _silent)
    try:
        after_start(stack, _silent)
        yield OnPrefect(folder, stack, random.Random(seed))
    finally:
        stop(folder)


def _silent(_: str) -> None:
    pass
