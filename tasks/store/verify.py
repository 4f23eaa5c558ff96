"""Proof that a project's store is whole: every commit record, and all that it names.

It repairs nothing. Reading the records is `tasks.store.walk`, the hint `tasks.store.hint`.
"""

from collections.abc import Sequence

from schemas.errors import Damaged, Missing
from schemas.record import ObjectRef
from tasks.store import keys
from tasks.store.store import Store
from tasks.store.tombstones import Tombstone
from tasks.store.walk import Finding, Progress, Walked, project_of, walk_records

__all__ = ["Finding", "verify"]


def verify(store: Store, project: str, progress: Progress = lambda _: None) -> list[Finding]:
    """Everything of the project that is damaged, missing, expired or unexpected, by key.

    What a collection or an erasure deleted is `expired`, which is as it should be. Objects that no
    record names, as a crash leaves them, are no finding while they are what their names say; nor
    is a hint, which decides nothing. `progress` is told each key before its object is read.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    walked = walk_records(store, project, progress)
    _check_objects(store, walked, progress)
    _check_unnamed(store, project, walked, progress)
    _check_erased(store, project, walked)
    _find_strangers(store, project, walked)
    return sorted(walked.findings)


def _check_objects(store: Store, walked: Walked, progress: Progress) -> None:
    """Existence, size and hash of every object that a record names."""
    for ref, sources in walked.objects.items():
        progress(ref.key)
        try:
            store.check(ref)
        except Missing:
            record = why_gone(walked.tombstones.get(ref.key, ()), sources)
            if record:
                walked.find(ref.key, "expired", f"{record} says why ({sources[0]} names it)")
            else:
                walked.find(ref.key, "missing", f"{sources[0]} names it")
        except Damaged as error:
            walked.find(ref.key, "damaged", f"{error} ({sources[0]} names it)")


def why_gone(tombstones: Sequence[Tombstone], sources: Sequence[str]) -> str | None:
    """The record by which an object was deleted that these records name; None if it is missed.

    A collection accounts for the records that named the object then: one that names it since had
    it written again.
    """
    for tombstone in tombstones:
        if tombstone.named_by is None or tombstone.named_by.issuperset(sources):
            return tombstone.record
    return None


def _check_unnamed(store: Store, project: str, walked: Walked, progress: Progress) -> None:
    """That objects which no record names are what their own names say: a run may use them."""
    named = {ref.key for ref in walked.objects}
    for place, key in store.places("data", project):
        if key in named or place.sha256 is None:
            continue
        progress(key)
        try:
            size = store.backend.size(key)
            store.check(ObjectRef(key=key, sha256=place.sha256, bytes=size))
        except (Missing, Damaged) as error:
            walked.find(key, "damaged", f"{error} (no record names it)")


def _check_erased(store: Store, project: str, walked: Walked) -> None:
    """That what an erasure deletes is gone: a person's rows must not come back."""
    for key in store.backend.keys(keys.prefix("data", project)):
        for tombstone in walked.tombstones.get(key, ()):
            if tombstone.named_by is None:
                detail = f"{tombstone.record} deletes it; driftloop night {project} carries it on"
                walked.find(key, "unexpected", detail)


def _find_strangers(store: Store, project: str, walked: Walked) -> None:
    """Files under the project's folders whose names this version does not build."""
    for folder in keys.FOLDERS:
        for key in store.backend.keys(keys.prefix(folder, project)):
            if project_of(key) != project:
                walked.find(key, "unexpected", "no key of the store: move the file elsewhere")
