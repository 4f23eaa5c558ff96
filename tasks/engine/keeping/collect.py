"""A collection: the record of what is deleted first, then the deletions.

What nothing needs is found by `tasks.engine.keeping.retention`. Records are never deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.collection import Collected, Collection
from schemas.errors import Damaged, Missing
from schemas.project import Project
from tasks.engine.alone import alone
from tasks.engine.keeping.retention import (
    Retention,
    find_unneeded,
    read_retention,
    sources_by_key,
)
from tasks.store import Store, keys
from tasks.store.tombstones import GRACE
from tasks.store.verify import why_gone
from tasks.store.walk import Progress, Walked, walk_records

PART = 2_000
"""Objects in one record."""


@dataclass(frozen=True)
class Planned:
    """What a collection deletes. `untold` are those that no record accounts for yet."""

    retention: Retention
    limit: datetime
    """Only what was written before is deleted, by the store's clock."""
    objects: tuple[Collected, ...]
    untold: tuple[Collected, ...]
    young: tuple[Collected, ...]


@dataclass(frozen=True)
class Done:
    """What was deleted. `spared` are objects that somebody wrote again meanwhile."""

    deleted: tuple[Collected, ...]
    spared: tuple[Collected, ...]


def plan_collection(store: Store, project: Project, progress: Progress) -> Planned:
    """Walk all records and list all objects; nothing is changed.

    Raises:
        Damaged: a record is damaged or missing, so nobody knows what it needs.
    """
    limit = store.backend.now() - GRACE
    walked = walk_records(store, project.name, progress)
    _check_sound(project.name, walked)
    retention = read_retention(store, project)
    named_by = sources_by_key(walked)
    old: list[Collected] = []
    young: list[Collected] = []
    stored = store.backend.listed(keys.prefix("data", project.name))
    for listed in find_unneeded(walked, retention, stored):
        sources = sorted(set(named_by.get(listed.key, ())))
        one = Collected(
            key=listed.key,
            bytes=listed.bytes,
            why="expired" if sources else "unnamed",
            named_by=tuple(sources),
        )
        (old if listed.modified < limit else young).append(one)
    untold = [one for one in old if not _is_told(walked, one)]
    return Planned(retention, limit, tuple(old), tuple(untold), tuple(young))


def collect(store: Store, project: Project, progress: Progress) -> Done:
    """Plan, commit what will be deleted, delete it. Run again after a kill it goes on.

    It waits until no other run of the project is under way here. Errors as of `plan_collection`.
    """
    with alone(project.name):
        planned = plan_collection(store, project, progress)
        _commit(store, project, planned)
        gone: list[Collected] = []
        spared: list[Collected] = []
        for one in planned.objects:
            progress(one.key)
            is_deleted = _delete_if_old(store, one.key, planned.limit)
            (gone if is_deleted else spared).append(one)
        return Done(tuple(gone), tuple(spared))


def _check_sound(project: str, walked: Walked) -> None:
    wrong = sorted(finding for finding in walked.findings if finding.is_wrong)
    if wrong:
        raise Damaged(
            f"{project}: {wrong[0].key} is {wrong[0].state}, one of {len(wrong)} records that are "
            f"not sound; what they need cannot be known: driftloop verify {project}, restore them"
        )


def _is_told(walked: Walked, one: Collected) -> bool:
    return why_gone(walked.tombstones.get(one.key, ()), one.named_by) is not None


def _commit(store: Store, project: Project, planned: Planned) -> None:
    taken = [place.number or 0 for place, _ in store.places("collections", project.name)]
    first = max(taken, default=0) + 1
    for number, objects in enumerate(_parts(planned.untold), start=first):
        collection = Collection(
            project=project.name,
            number=number,
            newest=planned.retention.newest,
            retention_nights=project.policy.retention_nights,
            retention_champions=project.policy.retention_champions,
            objects=objects,
        )
        store.commit(keys.collection(project.name, number), collection)


def _parts(objects: Sequence[Collected]) -> list[tuple[Collected, ...]]:
    return [tuple(objects[start : start + PART]) for start in range(0, len(objects), PART)]


def _delete_if_old(store: Store, key: str, limit: datetime) -> bool:
    """Whether it is gone now: somebody may have written it again since it was listed."""
    try:
        if store.backend.modified(key) >= limit:
            return False
    except Missing:
        return True
    store.delete(key)
    return True
