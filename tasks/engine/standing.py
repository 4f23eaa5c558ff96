"""Where a project stands: the newest night record, the trigger state, the night links.

Committing a night is `tasks.engine.commit`; the ledger's own fold is `tasks.store.ledger`.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from schemas.night import Night, TriggerState
from schemas.period import between, shift
from tasks.store import Store
from tasks.store.ahead import read_ahead

if TYPE_CHECKING:  # a project brings pandas, which the page server does without
    from schemas.project import Project


def nights_in_order(store: Store, project: str) -> list[tuple[str, Night]]:
    """Every night record in commit order: that of the links, ties by night and revision."""
    keys = [key for _, key in store.places("nights", project)]
    read_ahead(store, keys, Night)
    records = [(key, store.record(key, Night)) for key in keys]
    return sorted(records, key=lambda item: (item[1].seq, item[1].as_of, item[1].revision))


def newest_night(store: Store, project: str) -> tuple[str, Night] | None:
    """The record that was committed last, which the next one follows."""
    found = store.places("nights", project)
    if not found:
        return None
    key = found[-1][1]
    latest = store.record(key, Night)
    if latest.seq == len(found):  # no night was revised since, so nothing else need be read
        return key, latest
    return nights_in_order(store, project)[-1]


def night_of(store: Store, project: str, as_of: date) -> tuple[str, Night] | None:
    """The newest revision of one night's record."""
    found = store.revisions("nights", project, as_of)
    return (found[-1], store.record(found[-1], Night)) if found else None


def committed_as_of(store: Store, project: "Project", otherwise: date) -> date:
    """The newest committed night, which every ledger entry carries."""
    nights = store.places("nights", project.name)
    return max((place.as_of for place, _ in nights if place.as_of), default=otherwise)


def trigger_state(store: Store, project: str) -> TriggerState:
    """What the trigger remembers after the newest night record."""
    newest = newest_night(store, project)
    return newest[1].trigger if newest else TriggerState()


def walk_back(store: Store, project: str) -> Iterator[tuple[str, Night]]:
    """Night records from the newest along the links they name."""
    current = newest_night(store, project)
    while current is not None:
        yield current
        link = current[1].follows
        current = (link.key, store.record(link.key, Night)) if link else None


def nights_to_run(newest: date | None, tonight: date, limit: int) -> tuple[date, ...]:
    """Tonight, after the nights missed since the newest recorded one: at most `limit` of those.

    When more were missed, the oldest are left to a person.

    >>> [night.day for night in nights_to_run(date(2013, 1, 1), date(2013, 1, 4), limit=14)]
    [2, 3, 4]
    """
    missed = between(tonight, newest) - 1 if newest else 0
    back = min(max(missed, 0), limit)
    return tuple(shift(tonight, -periods) for periods in range(back, -1, -1))
