"""Processes of this machine: which are ours, whether they live, how they end.

A process id proves nothing, since ids are given again: the start time tells, and a mark in the
environment finds what a killed parent left behind. Which processes a stack needs is
`deployments.stack.parts`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict

MARK = "DRIFTLOOP_STACK"

_PROC = Path("/proc")
_POLL_SECONDS = 0.05
_STARTED_HERE: list[subprocess.Popen[bytes]] = []


class Process(BaseModel):
    """A process that was started: its id, and what tells it from a later one with that id."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started: str

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return started(self.pid) == self.started


def spawn(command: list[str], env: Mapping[str, str], folder: Path, log: Path) -> Process:
    """Start a process in a session of its own, which no Ctrl-C here reaches."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=dict(env),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _STARTED_HERE.append(process)
    return Process(pid=process.pid, started=started(process.pid) or "ended at once")


def started(pid: int) -> str | None:
    """What tells this process from any later one with its id; None when it is not running."""
    for process in _STARTED_HERE:
        process.poll()  # a child that ended stays a zombie until its parent asks
    return _started_by_proc(pid) if _has_proc() else _started_by_ps(pid)


def marked(mark: str) -> dict[int, str]:
    """Running processes whose environment carries this mark, and that environment as one text."""
    needle = f"{MARK}={mark}"
    found = _environments_by_proc() if _has_proc() else _environments_by_ps()
    return {pid: text for pid, text in found if needle in text.split() and started(pid)}


def leads_session(pid: int) -> bool:
    """Whether the process heads its own session, as those that `spawn` starts do."""
    with suppress(ProcessLookupError):
        return os.getsid(pid) == pid
    return False


def end(pids: Iterable[int], patience_seconds: float) -> list[int]:
    """Ask processes and their groups to end, then kill what is left; the ids that were alive."""
    alive = {pid: known for pid in pids if (known := started(pid))}
    for pid in alive:
        _send(pid, signal.SIGTERM)
        _send(pid, signal.SIGCONT)  # one that was suspended hears nothing else
    if not _gone(alive, patience_seconds):
        for pid in _still(alive):
            _send(pid, signal.SIGKILL)
        _gone(alive, patience_seconds)
    return list(alive)


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def _gone(alive: Mapping[int, str], patience_seconds: float) -> bool:
    deadline = time.monotonic() + patience_seconds
    while _still(alive):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _still(alive: Mapping[int, str]) -> list[int]:
    return [pid for pid, known in alive.items() if started(pid) == known]


def _has_proc() -> bool:
    return (_PROC / "self" / "stat").exists()


def _started_by_proc(pid: int) -> str | None:
    try:
        # the name in parentheses may hold anything, so fields are counted from its end
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    return None if fields[0] in "ZX" else f"{fields[19]} ticks after boot {boot}"


def _environments_by_proc() -> Iterator[tuple[int, str]]:
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):  # ended meanwhile, or somebody else's
                text = (folder / "environ").read_bytes().replace(b"\0", b"\n")
                yield int(folder.name), text.decode(errors="replace")


def _started_by_ps(pid: int) -> str | None:
    state, _, since = _ps("-o", "stat=,lstart=", "-p", str(pid)).strip().partition(" ")
    return None if not since or state.startswith("Z") else since.strip()


def _environments_by_ps() -> Iterator[tuple[int, str]]:
    shown = ("-axwwE",) if sys.platform == "darwin" else ("axeww",)
    for line in _ps(*shown, "-o", "pid=,command=").splitlines():
        pid, _, text = line.strip().partition(" ")
        yield int(pid), text


def _ps(*arguments: str) -> str:
    done = subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False)
    return done.stdout
