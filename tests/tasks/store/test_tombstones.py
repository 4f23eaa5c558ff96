"""What was deleted on purpose is told apart from what is missed; a lagging hint is mended."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.collection import Collected
from schemas.erasure import Erased
from schemas.errors import Expired
from schemas.record import ObjectRef
from tasks.store import keys
from tasks.store.ledger import mend_hint
from tasks.store.verify import verify
from tests.tasks.store.records import (
    NIGHT,
    PROJECT,
    Note,
    build_collection,
    build_erasure,
    fill,
    open_local,
)

BATCH = keys.batch(PROJECT, NIGHT, 1)
Build = Callable[[str, int], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(open_local(tmp_path))
    return tmp_path


def named(folder: Path) -> dict[str, str]:
    """What a fresh process finds."""
    return {found.key: found.state for found in verify(open_local(folder), PROJECT)}


def gone(folder: Path) -> ObjectRef:
    """The rows that records of the filled store name, deleted."""
    rows = open_local(folder).record(BATCH, Note).rows
    assert rows is not None
    (folder / "store" / rows.key).unlink()
    return rows


def collected(rows: ObjectRef, *named_by: str) -> Collected:
    return Collected(key=rows.key, bytes=rows.bytes, why="expired", named_by=named_by)


def test_what_a_collection_deleted_is_expired(folder: Path) -> None:
    rows, store = gone(folder), open_local(folder)
    by = (BATCH, keys.labels(PROJECT, NIGHT, 1))
    store.commit(keys.collection(PROJECT, 2), build_collection(collected(rows, *by), number=2))
    assert named(folder) == {rows.key: "expired"}
    with pytest.raises(Expired, match=keys.collection(PROJECT, 2)):
        open_local(folder).fetch(rows)


def test_what_a_record_named_after_its_collection_is_missing(folder: Path) -> None:
    rows, store = gone(folder), open_local(folder)
    record = build_collection(collected(rows, BATCH), number=2)  # of before the labels came
    store.commit(keys.collection(PROJECT, 2), record)
    assert named(folder) == {rows.key: "missing"}


def test_what_an_erasure_deleted_is_expired_and_unexpected_while_it_is_there(folder: Path) -> None:
    store = open_local(folder)
    rows = store.record(BATCH, Note).rows
    assert rows is not None
    erased = Erased(key=rows.key, bytes=rows.bytes, rows=1)
    store.commit(keys.erasure(PROJECT, 2), build_erasure(erased, number=2))
    assert named(folder) == {rows.key: "unexpected"}
    store.delete(rows.key)
    assert named(folder) == {rows.key: "expired"}
    with pytest.raises(Expired, match=keys.erasure(PROJECT, 2)):
        store.read_bytes(rows)


def test_a_gap_among_erasures_is_missed(folder: Path) -> None:
    open_local(folder).commit(keys.erasure(PROJECT, 2), build_erasure(number=2))
    (folder / "store" / keys.erasure(PROJECT, 1)).unlink()
    assert named(folder) == {keys.erasure(PROJECT, 1): "missing"}


@pytest.mark.parametrize("folder_of", [keys.collection, keys.erasure])
def test_a_tombstone_that_says_nothing_sound_is_damaged(folder: Path, folder_of: Build) -> None:
    open_local(folder).commit(folder_of(PROJECT, 2), Note())
    assert named(folder) == {folder_of(PROJECT, 2): "damaged"}


def test_a_hint_that_lags_is_mended_and_told(folder: Path) -> None:
    store = open_local(folder)
    right = store.read_hint(PROJECT)
    assert mend_hint(store, PROJECT) is None
    store.put_hint(PROJECT, {"seq": 1})
    assert mend_hint(store, PROJECT) == "entry '1'"
    store.backend.replace(keys.champion(PROJECT), b"garbage")
    assert mend_hint(store, PROJECT) == "nothing that can be read"
    assert store.read_hint(PROJECT) == right
    assert mend_hint(store, "no-such-project") is None
    assert store.read_hint("no-such-project") is None
