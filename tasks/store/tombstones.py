"""What was deleted on purpose, and by which record: collections and erasures.

Which objects these are is decided in `tasks.engine`.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from schemas.collection import Collection
from schemas.erasure import Erasure
from schemas.errors import StoreError
from tasks.store import keys
from tasks.store.backend import Backend

GRACE = timedelta(days=14)
"""No collection deletes what was written within it: a run that needs it may be under way."""


@dataclass(frozen=True)
class Tombstone:
    """One deleted object. `named_by` is None where no record could bring it back."""

    key: str
    record: str
    named_by: frozenset[str] | None


def read_tombstones(backend: Backend, key: str) -> list[Tombstone]:
    """What one collection or erasure says was deleted. Errors as of any record."""
    data = backend.read(key)
    if keys.parse(key).folder == "erasures":
        return [Tombstone(one.key, key, None) for one in Erasure.from_bytes(data, key).objects]
    return [
        Tombstone(one.key, key, frozenset(one.named_by))
        for one in Collection.from_bytes(data, key).objects
    ]


def deleted_by(backend: Backend, key: str) -> str | None:
    """Key of the record by which an object was deleted; None when none says so."""
    for record in _records(backend, keys.parse(key).project):
        with suppress(StoreError, ValueError):  # what is damaged here is for verify to tell
            if any(one.key == key for one in read_tombstones(backend, record)):
                return record
    return None


def _records(backend: Backend, project: str) -> Iterator[str]:
    """Erasures, then collections, the newest first."""
    for folder in reversed(keys.TOMBSTONES):
        yield from reversed(backend.keys(keys.prefix(folder, project)))
