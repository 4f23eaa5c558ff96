"""An erasure: its record first, then the nights without the rows, then what held them is deleted.

A run that was killed is carried on from the record, which holds no key: by the next erasure, and
by each night and retrain.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from schemas.erasure import Erasure
from schemas.project import Project
from tasks.engine.alone import alone
from tasks.engine.keeping.erased import ErasedKeys, digest_key, erased_keys, erasures_of, gather
from tasks.engine.keeping.holders import find_holders, find_nights, find_pages, find_versions
from tasks.engine.keeping.rewrite import rewrite_night
from tasks.store import Store, keys
from tasks.store.walk import Progress


@dataclass(frozen=True)
class Planned:
    """What an erasure would do; `erasure` is None when no stored row has any of the keys.

    Of the keys asked for, `unknown` were met nowhere and `before` were erased earlier.
    """

    erasure: Erasure | None
    unknown: tuple[str, ...]
    before: tuple[str, ...]

    @property
    def key(self) -> str | None:
        """Key of the record."""
        found = self.erasure
        return keys.erasure(found.project, found.number) if found else None


def plan_erasure(
    store: Store,
    project: Project,
    asked: Collection[str],
    reason: str,
    actor: str,
    progress: Progress,
) -> Planned:
    """Look for the rows of these keys, as people write them; nothing is changed.

    Raises:
        Damaged: a table cannot be read, so nobody knows whose rows it holds.
    """
    known = erased_keys(store, project.name)
    salt = known.salt or secrets.token_hex(16)
    digests = {digest_key(salt, key): key for key in asked}
    holders = find_holders(store, project, ErasedKeys(salt, frozenset(digests)), progress)
    absent = [key for digest, key in digests.items() if digest not in holders.met]
    before = [key for key in absent if digest_key(salt, key) in known.digests]
    unknown = tuple(key for key in absent if key not in before)
    if not holders.tables:
        return Planned(None, unknown, tuple(before))
    nights = find_nights(store, project.name, holders.tables)
    pages = find_pages(store, project.name, nights.all)
    erasure = Erasure(
        project=project.name,
        number=len(erasures_of(store, project.name)) + 1,
        salt=salt,
        keys=tuple(sorted(holders.met)),
        nights=nights.all,
        rows=nights.rows,
        objects=(*holders.tables.values(), *pages),
        versions=find_versions(store, project.name, nights.kept),
        reason=reason,
        actor=actor,
    )
    return Planned(erasure, unknown, tuple(before))


def erase(
    store: Store,
    project: Project,
    asked: Collection[str],
    reason: str,
    actor: str,
    progress: Progress,
) -> Planned:
    """Take the rows of these keys out of everything that is stored; what was done.

    It waits until no other run of the project is under way here. Errors as of `plan_erasure`.
    """
    with alone(project.name):
        finish_erasure(store, project, progress)
        planned = plan_erasure(store, project, asked, reason, actor, progress)
        if planned.erasure and planned.key:
            store.commit(planned.key, planned.erasure)
            _carry_out(store, project, planned.erasure, progress)
        return planned


def finish_erasure(store: Store, project: Project, progress: Progress = lambda _: None) -> bool:
    """Carry on an erasure that was killed; whether there was one. Only the newest can be."""
    erasures = erasures_of(store, project.name)
    if not erasures or _is_finished(store, erasures[-1][1]):
        return False
    _carry_out(store, project, erasures[-1][1], progress)
    return True


def _carry_out(store: Store, project: Project, erasure: Erasure, progress: Progress) -> None:
    """Nothing is deleted before every night is there without the rows."""
    for night in erasure.nights:
        progress(str(night))
        rewrite_night(store, project, night, gather([erasure]))
    for one in erasure.objects:
        progress(one.key)
        store.delete(one.key)


def _is_finished(store: Store, erasure: Erasure) -> bool:
    """Objects are deleted in order, so the last one tells."""
    return not store.exists(erasure.objects[-1].key)
