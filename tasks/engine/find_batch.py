"""The stored batch that holds a row, by the row's key. What is made of the row is elsewhere."""

from contextlib import suppress
from datetime import date

from schemas.batch import Batch
from schemas.contract import name_of
from schemas.errors import Missing, NotYet
from schemas.project import Project
from tasks.engine.keeping.erased import key_texts
from tasks.engine.records import newest
from tasks.engine.rows import load_columns
from tasks.store import Store

LOOKED_BACK = 60
"""Nights in which a key is looked for when no night is named, the newest first."""


def find_batch_of(
    store: Store, project: Project, key: str, as_of: date | None
) -> tuple[str, Batch]:
    """The newest batch that has the key, or that of the night that is named."""
    name = project.name
    if as_of is not None:
        found = newest(store, Batch, name, as_of)
        if found and _has(store, project, found[1], key):
            return found
        raise NotYet(
            f"{name}: no accepted row of night {as_of} has the key {key[:80]!a}; "
            f"driftloop quarantine {name} {as_of} shows the rows that were set aside"
        )
    nights = list(dict.fromkeys(p.as_of for p, _ in store.places("batches", name) if p.as_of))
    for night in reversed(nights[-LOOKED_BACK:]):
        found = newest(store, Batch, name, night)
        with suppress(Missing):  # rows of an old night may have been let go
            if found and _has(store, project, found[1], key):
                return found
    raise NotYet(
        f"{name}: no accepted row of the newest {min(len(nights), LOOKED_BACK)} nights has the key "
        f"{key[:80]!a}; name its night with --as-of"
    )


def _has(store: Store, project: Project, batch: Batch, key: str) -> bool:
    if batch.status != "accepted" or batch.rows is None:
        return False
    name = name_of(project.contract, "key")
    return key in key_texts(load_columns(store, project, batch, [name])[name])
