"""Small records and a small whole store, for the tests beside this module."""

from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from schemas.collection import Collected, Collection
from schemas.erasure import Erased, Erasure
from schemas.ledger import Action, Entry, Standing
from schemas.record import ObjectRef, Record
from tasks.store import Store, keys
from tasks.store.ledger import append, read_standing
from tasks.store.local import LocalStore

PROJECT = "flights"
NIGHT = date(2013, 1, 2)
VERSIONS = [f"v{number:016x}" for number in range(20)]


class Note(Record):
    """A record of no particular folder."""

    kind: ClassVar[str] = "note"

    project: str = PROJECT
    as_of: date = NIGHT
    share: float = 1.0
    rows: ObjectRef | None = None
    nested: dict[str, Any] = {}


class Remote(LocalStore):
    """A backend that has no files of its own to offer, and counts what is fetched."""

    fetched = 0

    def local_path(self, key: str) -> None:  # type: ignore[override]  # as a remote one answers
        return None

    def read_file(self, key: str, path: Path) -> str:
        self.fetched += 1
        return super().read_file(key, path)


def open_local(folder: Path) -> Store:
    """A store as one process has it: nothing remembered."""
    return Store(LocalStore(folder / "store"), folder / "cache")


def open_remote(folder: Path) -> tuple[Store, Remote]:
    backend = Remote(folder / "store")
    return Store(backend, folder / "cache"), backend


def decide(
    store: Store,
    action: Action,
    version: str | None = None,
    *,
    standing: Standing | None = None,
    as_of: date = NIGHT,
    night: date | None = None,
    reason: str = "because",
    judgement: str | None = None,
) -> Entry:
    """Append to the ledger of the test project."""
    return append(
        store,
        PROJECT,
        standing or read_standing(store, PROJECT),
        action,
        as_of=as_of,
        reason=reason,
        actor="ann",
        version=version,
        night=night,
        judgement=judgement,
    )


def fill(store: Store) -> None:
    """One object of each kind, each named by the records that would name it, and three entries."""
    rows = store.add_bytes(PROJECT, b"rows", "parquet")
    model = store.add_bytes(PROJECT, b"model", "ubj")
    batch, night = keys.batch(PROJECT, NIGHT, 1), keys.night(PROJECT, NIGHT, 1)
    judgement = keys.judgement(PROJECT, NIGHT, 1)
    page = store.add_bytes(PROJECT, b"page", "html.gz")
    store.commit(batch, Note(rows=rows))
    store.commit(keys.labels(PROJECT, NIGHT, 1), Note(rows=rows))
    for build in (keys.predictions, keys.served, keys.upcoming, keys.profile):
        store.commit(build(PROJECT, NIGHT, 1), Note(nested={"batch": batch}))
    store.commit(judgement, Note(nested={"cause": {"night": night}}))
    store.commit(keys.delivery(PROJECT, NIGHT, 1), Note(nested={"messages": [{"source": night}]}))
    store.commit(keys.search(PROJECT, NIGHT, 1), Note())
    store.commit(night, Note(nested={"read": [judgement], "page": dict(page)}))
    store.commit(keys.collection(PROJECT, 1), build_collection())
    store.commit(keys.erasure(PROJECT, 1), build_erasure())
    for version in VERSIONS[1:3]:
        members = [{"model": dict(model)}]
        store.commit(keys.card(PROJECT, version), Note(nested={"members": members}))
        decide(store, "promote", version, judgement=judgement)
    decide(store, "rollback", VERSIONS[1])


def build_collection(*objects: Collected, number: int = 1) -> Collection:
    """A collection of these objects."""
    return Collection(
        project=PROJECT,
        number=number,
        newest=NIGHT,
        retention_nights=None,
        retention_champions=5,
        objects=objects,
    )


def build_erasure(*objects: Erased, number: int = 1) -> Erasure:
    """An erasure that deletes these objects."""
    return Erasure(
        project=PROJECT,
        number=number,
        salt="salt",
        keys=("0" * 64,),
        nights=(NIGHT,),
        rows=1,
        objects=objects,
        versions=(),
        reason="asked to",
        actor="ann",
    )
