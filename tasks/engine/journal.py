"""The finished trials of a search under way, a line each, so that a killed one goes on.

It lies in the cache: lost, the search begins anew. What is stored in the end is a record.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from schemas.errors import Declined, StoreUnavailable
from schemas.record import Value, canonical_json
from schemas.search import Trial


class Noted(Value):
    """A finished trial: its share of the constant's loss after each fold, and its loss sums."""

    trial: Trial
    shares: tuple[float, ...] = ()
    nights: tuple[float, ...] = ()
    bundles: tuple[float, ...] = ()


class Journal:
    """The trials so far, in order; another is on the disk before it counts."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.noted, end = _read(handle)
        os.ftruncate(handle, end)  # a line that a kill cut off
        os.lseek(handle, end, os.SEEK_SET)

    def note(self, trial: Noted) -> None:
        """Add a finished trial."""
        os.write(self._handle, canonical_json(trial.model_dump(mode="json")) + b"\n")
        os.fsync(self._handle)
        self.noted.append(trial)


@contextmanager
def journal(folder: Path, project: str, digest: str) -> Iterator[Journal]:
    """The journal of the search with this digest; it is deleted once the block ends well.

    Raises:
        Declined: another process makes this very search now.
        StoreUnavailable: the cache cannot be written.
    """
    path = folder / "searches" / f"{project}-{digest[:32]}.jsonl"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise StoreUnavailable(
            f"{path}: {error.strerror}; make DRIFTLOOP_CACHE a folder that can be written"
        ) from error
    try:
        _lock(handle, project)
        yield Journal(handle)
        path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _lock(handle: int, project: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Declined(
            f"{project}: another process makes this very search now; wait for it, or end it: "
            "what it has tried is kept"
        ) from error


def _read(handle: int) -> tuple[list[Noted], int]:
    """Whole lines in order, up to the first that is none, and where they end."""
    with os.fdopen(os.dup(handle), "rb") as file:
        file.seek(0)
        lines = file.readlines()
    noted: list[Noted] = []
    end = 0
    for line in lines:
        try:
            one = Noted.model_validate_json(line)
        except ValidationError:
            break
        if not line.endswith(b"\n") or one.trial.number != len(noted):
            break
        noted.append(one)
        end += len(line)
    return noted, end
