"""An old object is written again by whoever stores it now, since gc looks at ages."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.store.store import Store
from tasks.store.tombstones import GRACE
from tests.tasks.store.records import PROJECT, open_local, open_remote


def age(folder: Path, key: str, by: timedelta) -> None:
    """Date the object back."""
    path = folder / "store" / key
    then = path.stat().st_mtime - by.total_seconds()
    os.utime(path, (then, then))


def add(store: Store, folder: Path, *, streamed: bool) -> str:
    if not streamed:
        return store.add_bytes(PROJECT, b"rows", "json").key
    (folder / "in").write_bytes(b"rows")
    return store.add_file(PROJECT, folder / "in", "json").key


@pytest.mark.parametrize("remote", [False, True])
@pytest.mark.parametrize("streamed", [False, True])
def test_an_old_object_becomes_a_fresh_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, streamed: bool, remote: bool
) -> None:
    store = open_remote(tmp_path)[0] if remote else open_local(tmp_path)
    key = add(store, tmp_path, streamed=streamed)
    age(tmp_path, key, GRACE)
    assert add(store, tmp_path, streamed=streamed) == key
    assert store.backend.now() - store.backend.modified(key) < timedelta(minutes=1)
    assert store.backend.read(key) == b"rows"
    assert not caplog.text, "nothing was damaged"


def test_a_young_object_is_left_alone(tmp_path: Path) -> None:
    store = open_local(tmp_path)
    key = add(store, tmp_path, streamed=False)
    age(tmp_path, key, GRACE / 3)
    before = store.backend.modified(key)
    add(store, tmp_path, streamed=False)
    assert store.backend.modified(key) == before


def test_an_object_that_goes_away_at_that_moment_is_stored_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_local(tmp_path)
    key = add(store, tmp_path, streamed=False)
    now = store.backend.now

    def collect_meanwhile() -> object:
        store.backend.delete(key)
        return now()

    monkeypatch.setattr(store.backend, "now", collect_meanwhile)
    add(store, tmp_path, streamed=False)
    assert store.backend.read(key) == b"rows"


def test_deleting_takes_the_copy_of_this_machine_too(tmp_path: Path) -> None:
    store, _ = open_remote(tmp_path)
    ref = store.add_bytes(PROJECT, b"rows", "html.gz")
    copy = store.fetch(ref)
    store.delete(ref.key)
    store.delete(ref.key)
    assert not copy.exists()
    assert not store.exists(ref.key)
