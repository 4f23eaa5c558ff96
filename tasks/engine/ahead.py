"""Lineage of predictions that were made ahead. That of nights and models is `.lineage`."""

from collections.abc import Iterator
from datetime import date

from schemas.lineage import ScoredNight
from schemas.upcoming import Upcoming
from tasks.store import Store
from tasks.store.ahead import read_ahead


def ahead_of_night(store: Store, project: str, night: date) -> Iterator[ScoredNight]:
    """Every revision of what was predicted as of the night."""
    for key in store.revisions("upcoming", project, night):
        record = store.record(key, Upcoming)
        if record.rows:
            yield _scored(key, record, record.rows.sha256)


def ahead_with(store: Store, project: str, sha256: str) -> Iterator[ScoredNight]:
    """The records whose predictions, as they are stored or were delivered, have these bytes."""
    found = [key for _, key in store.places("upcoming", project)]
    read_ahead(store, found, Upcoming)
    for key in found:
        record = store.record(key, Upcoming)
        if sha256 in {file.sha256 for file in (record.rows, record.delivered) if file}:
            yield _scored(key, record, sha256)


def _scored(key: str, record: Upcoming, sha256: str) -> ScoredNight:
    return ScoredNight(
        key=key,
        night=record.as_of,
        version=record.version or "",
        sha256=sha256,
        batch=None,
        files=record.files,
    )
