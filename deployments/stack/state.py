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

from deployments.stack.addresses import Stack
from deployments.stack.processes import Process
from schemas.errors import Damaged, DriftloopError

Tell = Callable[[str], None]


class State(BaseModel):
    """Everything in stack.json."""

    model_config = ConfigDict(frozen=True)

    host: str
    api_port: int
    pages_port: int
    parts: dict[str, Process] = {}
    settings: dict[str, str] = {}

    def stack(self, folder: Path) -> Stack:
        """The addresses that it remembers."""
        return Stack(folder, self.host, self.api_port, self.pages_port)

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
    """Alone with the stack: another `up` or `down` waits here. A killed holder lets go.

    Raises:
        DriftloopError: the folder cannot be used; the message says why.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "stack.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                tell("Another driftloop up or down is at work here: waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise DriftloopError(
            f"{error.filename or folder}: {error.strerror or error}; mend that, then run it again"
        ) from error
