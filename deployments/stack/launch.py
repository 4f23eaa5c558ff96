"""Start one part and wait for its first answer. In which order is `deployments.stack.start`."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deployments.stack import processes
from deployments.stack.addresses import Stack
from deployments.stack.environment import part_env
from deployments.stack.parts import SERVER, Part
from deployments.stack.state import State, Tell, save
from schemas.errors import DriftloopError

PATIENCE_SECONDS = 120

_POLL_SECONDS = 0.1
_LINES_SHOWN = 12


@dataclass
class Launch:
    """One start: every part that it spawns stands in stack.json at once."""

    stack: Stack
    state: State
    env: Mapping[str, str]
    tell: Tell
    since: float = field(default_factory=time.time)
    spawned: set[str] = field(default_factory=set)

    def runs(self, part: Part) -> bool:
        """Whether its process is alive."""
        process = self.state.parts.get(part.name)
        return process is not None and process.is_alive()

    def spawn(self, part: Part) -> None:
        """Start the part unless it runs; nothing waits for it."""
        if self.runs(part):
            return
        self.tell(f"Starting the {part.title}")
        home = self.stack.folder / "prefect"  # Prefect would read a .env or prefect.toml there
        home.mkdir(exist_ok=True)
        environment = part_env(part.name, self.stack, self.env)
        process = processes.spawn(
            part.command(self.stack), environment, home, _new_log(self._log(part))
        )
        self.spawned.add(part.name)
        self.state = self.state.with_part(part.name, process)
        save(self.stack.folder, self.state)

    def ensure(self, part: Part) -> None:
        """Wait until the part answers; start it if it is not there, or ends before it answered.

        Raises:
            DriftloopError: it does not come up; the message ends with its log.
        """
        begun = time.monotonic()
        while not (part.answers(self.stack, self._sign_since(part)) and self.runs(part)):
            if not self.runs(part):
                if part.name in self.spawned:
                    raise self._failure(part, "ended while it started")
                self.spawn(part)
            if time.monotonic() - begun > PATIENCE_SECONDS:
                raise self._failure(part, f"does not answer after {PATIENCE_SECONDS} s")
            time.sleep(_POLL_SECONDS)
        if part.name in self.spawned:
            self.tell(f"  it answers after {time.time() - self.since:.0f} s")

    def _sign_since(self, part: Part) -> float:
        """From when on a sign of life counts.

        A worker of before may be giving up on the server that died, so it must speak to the new
        one; where nothing was started, one that it gave earlier will do.
        """
        return self.since if {part.name, SERVER.name} & self.spawned else 0

    def _failure(self, part: Part, what: str) -> DriftloopError:
        log = self._log(part)
        lines = log.read_text(errors="replace").splitlines()[-_LINES_SHOWN:]
        shown = "".join(f"\n  {line}" for line in lines if line.strip())
        return DriftloopError(
            f"the {part.title} {what}. The end of {log}:{shown}\n"
            "Mend the cause, then run driftloop up again; driftloop down stops the rest."
        )

    def _log(self, part: Part) -> Path:
        return self.stack.folder / "logs" / f"{part.name}.log"


def _new_log(path: Path) -> Path:
    """An empty log; the one before is kept beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.replace(path.with_suffix(".log.1"))
    return path
