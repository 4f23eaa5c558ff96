"""Stop a stack: exactly what it started, with what that started. Starting is `...stack.start`."""

import time
from collections.abc import Iterable
from pathlib import Path

from deployments.stack import processes
from deployments.stack.environment import mark_of
from deployments.stack.parts import PARTS, SERVER, WORKER
from deployments.stack.processes import Process
from deployments.stack.remains import alive_parts, close_lost_runs, flow_runs
from deployments.stack.state import State, Tell, load, locked, save
from schemas.errors import Damaged

PATIENCE_SECONDS = 10

_REPORT_SECONDS = 0.5


def stop(folder: Path, tell: Tell = lambda _: None) -> tuple[str, ...]:
    """End the stack of this folder; what was ended, in words. Twice is fine.

    Flow runs go first, then the worker, while the server can still note their end: it would show
    a run whose end nobody notes as running for ever.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        return ()
    with locked(folder, tell):
        state = _remembered(folder)
        parts = alive_parts(state) if state else {}
        ended = [*_end_runs(folder), *_end(parts, [WORKER.name])]
        if state and SERVER.name in parts:
            close_lost_runs(state.stack(folder))
        ended += _end(parts, [part.name for part in PARTS if part is not WORKER])
        left = processes.end(processes.marked(mark_of(folder)), PATIENCE_SECONDS)
        ended += [f"a part that was left behind (process {pid})" for pid in left]
        if state:
            save(folder, state.model_copy(update={"parts": {}}))
    return tuple(ended)


def _remembered(folder: Path) -> State | None:
    """What stack.json says. What a damaged one said no more carries the stack's mark."""
    try:
        return load(folder)
    except Damaged:
        (folder / "stack.json").unlink()
        return None


def _end_runs(folder: Path) -> list[str]:
    runs = flow_runs(folder)
    ended = processes.end(runs, PATIENCE_SECONDS)
    if ended:
        time.sleep(_REPORT_SECONDS)  # the worker notes those that could not do it themselves
    return [f"a flow run (process {pid})" for pid in ended]


def _end(parts: dict[str, Process], names: Iterable[str]) -> list[str]:
    titles = {part.name: part.title for part in PARTS}
    named = {parts[name].pid: titles[name] for name in names if name in parts}
    return [f"{named[pid]} (process {pid})" for pid in processes.end(named, PATIENCE_SECONDS)]
