"""One run of a project at a time on this machine; Prefect limits each deployment to one run."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import StoreUnavailable
from schemas.names import check_name
from schemas.settings import current_settings

_held: set[str] = set()


@contextmanager
def alone(project: str) -> Iterator[None]:
    """Wait until no other process runs this project over this store; ends with the process.

    Within one process it may be entered again, since a night starts its own retrain.

    Raises:
        StoreUnavailable: the cache folder cannot be written.
    """
    if project in _held:
        yield
        return
    settings = current_settings()
    folder = settings.cache / "locks"
    store = hashlib.sha256(settings.store.encode()).hexdigest()[:16]
    lock = folder / f"{store}-{check_name(project, 'project')}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise StoreUnavailable(
            f"{lock}: {error.strerror}; make DRIFTLOOP_CACHE a folder that can be written"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _held.add(project)
        yield
    finally:
        _held.discard(project)
        os.close(handle)
