"""Searches that were made: the newest of a project, and the commit of another one.

What they find is `.ladder` and `.tuning`; how they are told is `tasks.telling.searches`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from schemas.errors import Conflict
from schemas.search import Search
from tasks.store import Store, keys

Kind = Literal["ladder", "tuned"]
KINDS: tuple[Kind, ...] = ("ladder", "tuned")
_ATTEMPTS = 5


@dataclass(frozen=True)
class Sought:
    """The key of a search that was stored, or why none was made."""

    key: str | None
    why_not: str = ""


def commit_search(
    store: Store, project: str, as_of: date, build: Callable[[int], Search]
) -> Search:
    """Commit what `build` makes of the next free number; another search may take it meanwhile.

    Raises:
        Conflict: others took every number that was tried.
    """
    for attempt in range(_ATTEMPTS):
        made = build(len(store.places("searches", project, as_of)) + 1)
        try:
            store.commit(keys.search(project, as_of, made.number), made)
        except Conflict:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return made
    raise AssertionError("unreachable")


def newest_search(
    store: Store, project: str, kind: Kind, as_of: date | None = None
) -> Search | None:
    """The newest search of a kind that was made as of a night or before; else the newest at all."""
    made = (one for one in _backwards(store, project) if getattr(one, kind))
    if as_of is None:
        return next(made, None)
    found = list(made)
    return next((one for one in found if one.as_of <= as_of), found[0] if found else None)


def searches_for(store: Store, project: str, as_of: date) -> tuple[Search, ...]:
    """Of each kind the search that a card of this night shows."""
    found = (newest_search(store, project, kind, as_of) for kind in KINDS)
    return tuple(one for one in found if one)


def _backwards(store: Store, project: str) -> Iterator[Search]:
    for _, key in reversed(store.places("searches", project)):
        yield store.record(key, Search)
