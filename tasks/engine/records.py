"""The newest revisions of a project's records, night by night. Keys are `tasks.store.keys`."""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

from schemas.batch import Batch
from schemas.labels import Labels
from schemas.predictions import Predictions
from schemas.profile import Profile
from schemas.record import Record
from schemas.served import Served
from schemas.upcoming import Upcoming
from tasks.store import Store, keys
from tasks.store.ahead import read_ahead

R = TypeVar("R", bound=Record)
_FOLDERS: dict[type[Record], keys.Folder] = {
    Batch: "batches",
    Labels: "labels",
    Predictions: "predictions",
    Served: "served",
    Upcoming: "upcoming",
    Profile: "profiles",
}


def newest(store: Store, cls: type[R], project: str, as_of: date) -> tuple[str, R] | None:
    """Key and record of the newest revision of one night, or None."""
    found = store.revisions(_FOLDERS[cls], project, as_of)
    return (found[-1], store.record(found[-1], cls)) if found else None


def newest_by_night(store: Store, cls: type[R], project: str) -> dict[date, tuple[str, R]]:
    """Key and record of each night's newest revision, nights in order."""
    latest = {
        place.as_of: key for place, key in store.places(_FOLDERS[cls], project) if place.as_of
    }
    read_ahead(store, latest.values(), cls)
    return {night: (key, store.record(key, cls)) for night, key in latest.items()}


def records_of(store: Store, cls: type[R], project: str) -> Iterator[R]:
    """Every revision of every night, nights in order."""
    return (store.record(key, cls) for _, key in store.places(_FOLDERS[cls], project))


def next_revision(key: str | None) -> int:
    """The revision after the one of this key; the first is 1."""
    return 1 if key is None else (keys.parse(key).number or 0) + 1
