"""Stop a stack: exactly what it started, with what that started. Starting is `...stack.start`."""

from pathlib import Path

from deployments.stack import processes
from deployments.stack.environment import mark_of
from deployments.stack.parts import PARTS, WORKER
from deployments.stack.state import Process, Tell, load, locked, save
from schemas.errors import Damaged

PATIENCE_SECONDS = 10


def stop(folder: Path, tell: Tell = lambda _: None) -> tuple[str, ...]:
    """End the stack of this folder; what was ended, in words. Twice is fine.

    The worker goes first and its flow runs next, while the server can still note their end.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        return ()
    with locked(folder, tell):
        parts = _parts(folder)
        ended = _end(parts, [WORKER.name])
        alive = {process.pid for process in parts.values()}
        runs = processes.end(
            [pid for pid in processes.marked(mark_of(folder)) if pid not in alive],
            PATIENCE_SECONDS,
        )
        ended += [f"process {pid} of the stack" for pid in runs]
        ended += _end(parts, [part.name for part in PARTS if part is not WORKER])
        _forget(folder)
    return tuple(ended)


def _parts(folder: Path) -> dict[str, Process]:
    """What is on record and still the same process. What is not, carries the stack's mark."""
    try:
        state = load(folder)
    except Damaged:
        return {}
    found = state.parts if state else {}
    return {n: p for n, p in found.items() if processes.started(p.pid) == p.started}


def _end(parts: dict[str, Process], names: list[str]) -> list[str]:
    titles = {part.name: part.title for part in PARTS}
    pids = {parts[name].pid: name for name in names if name in parts}
    ended = processes.end(pids, PATIENCE_SECONDS)
    return [f"{titles[pids[pid]]} (process {pid})" for pid in ended]


def _forget(folder: Path) -> None:
    """Ports stay remembered, processes do not."""
    try:
        state = load(folder)
    except Damaged:
        (folder / "stack.json").unlink()
        return
    if state:
        save(folder, state.model_copy(update={"parts": {}}))
