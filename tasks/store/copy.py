"""A store copied into another place, each object checked on the way; from a folder to S3, or back.

What is copied is the same keys with the same bytes. Whether the copy is whole is for
`tasks.store.verify` to say.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from schemas.errors import Damaged, Declined, InvalidName, Missing
from schemas.record import ObjectRef, digest_of, parse_json
from tasks.store import keys
from tasks.store.backend import Listed
from tasks.store.store import Store

_AT_ONCE = 8


@dataclass(frozen=True)
class Plan:
    """What is to be copied, in the order that leaves no record without what it names."""

    objects: tuple[Listed, ...]
    entries: tuple[Listed, ...]
    """Ledger entries: last, and one after the other."""
    there: int
    """Objects of the same key and size that the target holds already."""
    projects: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many objects are to be copied."""
        return len(self.objects) + len(self.entries)


def plan_copy(source: Store, target: Store) -> Plan:
    """What the target lacks.

    Records are listed before the data they name, so that a night that is committed meanwhile is
    copied whole or not at all; the next copy brings it.

    Raises:
        InvalidName: both are the same store.
        Declined: the target holds records that are not the source's. Nothing was written.
    """
    if source.backend.describe() == target.backend.describe():
        raise InvalidName(f"{source.backend.describe()}: a store is not copied onto itself")
    order = ("ledger", *(folder for folder in keys.FOLDERS if folder != "ledger"))
    found = {folder: _keys_of_store(source, folder) for folder in order}
    there = {one.key: one.bytes for folder in order for one in _keys_of_store(target, folder)}
    _check_same_history(source, target, found, there)
    wanted = {
        folder: [one for one in listed if there.get(one.key) != one.bytes]
        for folder, listed in found.items()
    }
    every = [one for listed in found.values() for one in listed]
    return Plan(
        objects=tuple(one for folder in reversed(order[1:]) for one in wanted[folder]),
        entries=tuple(wanted["ledger"]),
        there=len(every) - sum(map(len, wanted.values())),
        projects=tuple(sorted({keys.parse(one.key).project for one in every})),
    )


def _check_same_history(
    source: Store, target: Store, found: Mapping[str, list[Listed]], there: Mapping[str, int]
) -> None:
    """That every record of the target is the source's, byte for byte."""
    records = [key for key in sorted(there) if keys.parse(key).folder != "data"]
    known = {one.key for listed in found.values() for one in listed}

    def is_same(key: str) -> bool:
        return key in known and source.backend.read(key) == target.backend.read(key)

    with ThreadPoolExecutor(_AT_ONCE) as workers:
        other = [
            key
            for key, same in zip(records, workers.map(is_same, records), strict=True)
            if not same
        ]
    if other:
        raise Declined(
            f"{target.backend.describe()}: {len(other)} records there are not those of "
            f"{source.backend.describe()}, the first is {other[0]}: it is another history, has "
            "gone on by itself, or is damaged; name an empty prefix or folder. Nothing was written"
        )


def carry_copy(source: Store, target: Store, plan: Plan, done: Callable[[int], None]) -> None:
    """Copy what is planned; `done` is told the bytes of each object. Killed, it is run again.

    Raises:
        Damaged: an object of the source is not what its name or its own digest says.
        Conflict: the target holds other bytes under a key: it is another history's.
    """
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        _each(workers.map(lambda one: _copy(source, target, one), plan.objects), done)
    _each((_copy(source, target, one) for one in plan.entries), done)
    for project in plan.projects:
        _copy_hint(source, target, project)


def _each(sizes: Iterable[int], done: Callable[[int], None]) -> None:
    for size in sizes:
        done(size)


def _copy(source: Store, target: Store, one: Listed) -> int:
    sha256 = keys.parse(one.key).sha256
    if sha256 is None:
        target.backend.create(one.key, _sound(one.key, source.backend.read(one.key)))
    else:
        ref = ObjectRef(key=one.key, sha256=sha256, bytes=one.bytes)
        target.backend.create_file(one.key, source.fetch(ref))
    return one.bytes


def _sound(key: str, data: bytes) -> bytes:
    body = parse_json(data, key)
    digest = body.pop("digest", None)
    if digest != digest_of(body):
        raise Damaged(
            f"{key}: its digest does not match its bytes; driftloop verify names the rest"
        )
    return data


def _copy_hint(source: Store, target: Store, project: str) -> None:
    with suppress(Missing):
        target.backend.replace(keys.champion(project), source.backend.read(keys.champion(project)))


def _keys_of_store(store: Store, folder: str) -> list[Listed]:
    return [one for one in store.backend.listed(f"{folder}/") if _is_key(one.key)]


def _is_key(key: str) -> bool:
    try:
        keys.parse(key)
    except InvalidName:
        return False
    return True
