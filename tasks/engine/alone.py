"""One run of a project at a time on this machine; Prefect limits each deployment to one run."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.names import check_name
from schemas.settings import Settings

_held: set[str] = set()


@contextmanager
def alone(project: str) -> Iterator[None]:
    """Wait until no other process runs this project over this store; ends with the process.

    Within one process it may be entered again, since a night starts its own retrain.
    """
    if project in _held:
        yield
        return
    settings = Settings()
    folder = settings.cache / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    store = hashlib.sha256(settings.store.encode()).hexdigest()[:16]
    handle = os.open(
        folder / f"{store}-{check_name(project, 'project')}", os.O_CREAT | os.O_RDWR, 0o644
    )
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _held.add(project)
        yield
    finally:
        _held.discard(project)
        os.close(handle)
