"""What a stack remembers between commands: its ports, what it started, with which settings.

It is `stack.json` in the stack's folder, with a lock beside it. Whether a process that stands in it
still lives is `deployments.stack.processes`.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import Damaged

Tell = Callable[[str], None]


class Process(BaseModel):
    """A process that was started: its id, and what tells it from a later one with that id."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started: str


class State(BaseModel):
    """Everything in stack.json."""

    model_config = ConfigDict(frozen=True)

    host: str
    api_port: int
    pages_port: int
    parts: dict[str, Process] = {}
    settings: dict[str, str] = {}

    def with_part(self, name: str, process: Process) -> "State":
        """This state after a part was started."""
        return self.model_copy(update={"parts": {**self.parts, name: process}})


def load(folder: Path) -> State | None:
    """What the stack remembers; None when it never started.

    Raises:
        Damaged: the file is there and cannot be read.
    """
    path = folder / "stack.json"
    try:
        return State.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise Damaged(f"{path} cannot be read as what driftloop up wrote") from error


def save(folder: Path, state: State) -> None:
    """Replace stack.json as a whole, readable to its owner alone."""
    path = folder / "stack.json"
    aside = path.with_name(f".stack.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(state.model_dump_json(indent=2) + "\n")
    aside.replace(path)


@contextmanager
def locked(folder: Path, tell: Tell) -> Iterator[None]:
    """Alone with the stack: another `up` or `down` waits here. A killed holder lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "stack.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("Another driftloop up or down is at work here: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
