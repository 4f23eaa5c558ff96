"""Decisions made and never carried out: a retrain without judgement, a pass without entry.

Read from the store alone; an event or a scheduler's state proves nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from schemas.judgement import Judgement
from schemas.ledger import Action, Entry
from schemas.night import Night
from tasks.engine.standing import trigger_state, walk_back
from tasks.store import Store, keys
from tasks.store.ledger import entries, read_standing

if TYPE_CHECKING:  # a project brings pandas, which the page server does without
    from schemas.project import Project

_WINDOW = 14


@dataclass(frozen=True)
class Undone:
    """A night that asked for a retrain; `passed` is a judgement that still lacks its promotion.

    Or its freeze, where the gates failed their self-test.
    """

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
    leads_to: Action = "freeze" if last.freezes else "promote"
    is_due = last.freezes or last.outcome == "passed"
    if not is_due or entry_for(store, project, last_key, leads_to):
        return None
    return Undone(key, night, last_key)


def find_attempt(store: Store, project: str, night_key: str) -> str | None:
    """The newest attempt that this night's decision caused, or None."""
    attempts = judgements_for(store, project, night_key)
    return attempts[-1][0] if attempts else None


def find_repeat(store: Store, project: "Project", as_of: date) -> str | None:
    """The newest attempt on a night, when it was refused and nothing happened since.

    Same champion, same recipe, no night committed: judging again would say the same.
    """
    found = [key for _, key in store.places("judgements", project.name, as_of)]
    if not found:
        return None
    last = store.record(found[-1], Judgement)
    is_same = (
        last.recipe == project.recipe_digest and last.head == read_standing(store, project.name).seq
    )
    is_read = found[-1] in trigger_state(store, project.name).judgements_read
    return found[-1] if last.outcome == "refused" and is_same and not is_read else None


def judgements_for(store: Store, project: str, night_key: str) -> list[tuple[str, Judgement]]:
    """Attempts that this night's decision caused, in order."""
    found = []
    for _, key in store.places("judgements", project, keys.parse(night_key).as_of):
        judgement = store.record(key, Judgement)
        if judgement.cause.night == night_key:
            found.append((key, judgement))
    return found


def judgements_by_hand(store: Store, project: str, as_of: date) -> list[tuple[str, Judgement]]:
    """Attempts as of this night that a person made, in order."""
    found = [
        (key, store.record(key, Judgement)) for _, key in store.places("judgements", project, as_of)
    ]
    return [(key, judgement) for key, judgement in found if judgement.cause.night is None]


def entry_for(
    store: Store, project: str, judgement_key: str, action: Action = "promote"
) -> Entry | None:
    """The ledger entry that a judgement led to."""
    for entry in entries(store, project):
        if (entry.judgement, entry.action) == (judgement_key, action):
            return entry
    return None
