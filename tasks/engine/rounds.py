"""Rounds of telling people, as recorded: read back, and committed.

What a round is to tell is `tasks.engine.outbox`.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from schemas.delivery import Delivery, Told
from schemas.errors import Conflict, StoreError
from tasks.store import Store, keys

Identity = tuple[str, str, str]
_TRIES = 5  # other processes that record a round at the same moment


def rounds_since(store: Store, project: str, since: date) -> list[Delivery]:
    """Rounds in order. A damaged one is left to `verify`: it may not silence the next alarms."""
    places = store.places("alerts", project)
    since_then = (_read(store, key) for place, key in places if (place.as_of or since) >= since)
    return [record for record in since_then if record is not None]


def last_round(store: Store, project: str) -> Delivery | None:
    """The newest one, or None."""
    backwards = (_read(store, key) for _, key in reversed(store.places("alerts", project)))
    return next((record for record in backwards if record is not None), None)


def _read(store: Store, key: str) -> Delivery | None:
    try:
        return store.record(key, Delivery)
    except StoreError:
        return None


def delivered(rounds: Iterable[Delivery]) -> set[Identity]:
    """What somebody was told."""
    return {one.identity for told in rounds for one in told.messages if one.is_delivered}


def record_round(
    store: Store,
    project: str,
    as_of: date,
    night: str | None,
    undone: str | None,
    told: Sequence[Told],
) -> None:
    """Commit a round under the next free number.

    Raises:
        StoreError: it could not be recorded, so the next round tells all of it again.
    """
    for tries_left in reversed(range(_TRIES)):
        places = store.places("alerts", project, as_of)
        number = max((place.number or 0 for place, _ in places), default=0) + 1
        record = Delivery(
            project=project,
            as_of=as_of,
            number=number,
            night=night,
            undone=undone,
            messages=tuple(told),
        )
        try:
            store.commit(keys.delivery(project, as_of, number), record)
        except Conflict:
            if not tries_left:
                raise
        else:
            return
