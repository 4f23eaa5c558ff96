"""Decisions made and never carried out: a retrain without judgement, a pass without entry.

Read from the store alone; an event or a scheduler's state proves nothing.
"""

from dataclasses import dataclass

from schemas.judgement import Judgement
from schemas.ledger import Entry
from schemas.night import Night
from tasks.engine.standing import walk_back
from tasks.store import Store, keys
from tasks.store.ledger import entries

_WINDOW = 14


@dataclass(frozen=True)
class Undone:
    """A night that asked for a retrain; `passed` is a judgement that still lacks its promotion."""

    night_key: str
    night: Night
    passed: str | None


def find_undone(store: Store, project: str) -> Undone | None:
    """The newest retrain decision, if it has not been carried out; looks back 14 records."""
    for count, (key, night) in enumerate(walk_back(store, project)):
        if count >= _WINDOW:
            return None
        if night.decision.action == "retrain":
            return _undone(store, project, key, night)
    return None


def _undone(store: Store, project: str, key: str, night: Night) -> Undone | None:
    attempts = judgements_for(store, project, key)
    if not attempts:
        return Undone(key, night, None)
    last_key, last = attempts[-1]
    if last.outcome != "passed" or entry_for(store, project, last_key):
        return None
    return Undone(key, night, last_key)


def find_attempt(store: Store, project: str, night_key: str) -> str | None:
    """The newest attempt that this night's decision caused, or None."""
    attempts = judgements_for(store, project, night_key)
    return attempts[-1][0] if attempts else None


def judgements_for(store: Store, project: str, night_key: str) -> list[tuple[str, Judgement]]:
    """Attempts that this night's decision caused, in order."""
    found = []
    for _, key in store.places("judgements", project, keys.parse(night_key).as_of):
        judgement = store.record(key, Judgement)
        if judgement.cause.night == night_key:
            found.append((key, judgement))
    return found


def entry_for(store: Store, project: str, judgement_key: str) -> Entry | None:
    """The ledger entry that a judgement led to."""
    for entry in entries(store, project):
        if entry.judgement == judgement_key:
            return entry
    return None
