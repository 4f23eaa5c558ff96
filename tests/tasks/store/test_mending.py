"""Data that became damaged: whoever stores the same content again writes it as it should be."""

from pathlib import Path

import pytest

from schemas.errors import Conflict, Damaged
from tasks.store import keys
from tests.tasks.store.records import NIGHT, PROJECT, Note, open_local, open_remote


@pytest.mark.parametrize("remote", [False, True])
@pytest.mark.parametrize("damage", [b"", b"row", b"rots", b"rows2"])
def test_the_right_bytes_mend_a_damaged_object_of_their_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes, *, remote: bool
) -> None:
    store = open_remote(tmp_path)[0] if remote else open_local(tmp_path)
    ref = store.add_bytes(PROJECT, b"rows", "json")
    (tmp_path / "in").write_bytes(b"rows")
    store.backend.replace(ref.key, damage)
    assert store.add_bytes(PROJECT, b"rows", "json") == ref
    store.check(ref)
    store.backend.replace(ref.key, damage)
    assert store.add_file(PROJECT, tmp_path / "in", "json") == ref
    store.check(ref)
    assert caplog.text.count(f"{ref.key}: was damaged") == 2


def test_a_file_that_changes_while_it_mends_an_object_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_local(tmp_path)
    ref = store.add_bytes(PROJECT, b"rows", "json")
    store.backend.replace(ref.key, b"rots")
    (tmp_path / "in").write_bytes(b"rats")
    monkeypatch.setattr("tasks.store.store.sha256_of", lambda _: ref.sha256)
    with pytest.raises(Damaged, match=ref.sha256):
        store.add_file(PROJECT, tmp_path / "in", "json")
    assert store.backend.read(ref.key) == b"rots"


def test_a_damaged_record_is_never_overwritten(tmp_path: Path) -> None:
    store, key = open_local(tmp_path), keys.batch(PROJECT, NIGHT, 1)
    store.commit(key, Note())
    store.backend.replace(key, b"rots")
    with pytest.raises(Conflict, match=key):
        store.commit(key, Note())
    assert store.backend.read(key) == b"rots"
