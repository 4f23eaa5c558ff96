"""Folders that are listed once: what is committed is there, whatever else happens is seen later."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from schemas.errors import Conflict
from tasks.store import keys
from tasks.store.local import LocalStore
from tests.tasks.store.records import NIGHT, PROJECT, Note, open_local


def _key(night: date, revision: int = 1) -> str:
    return keys.batch(PROJECT, night, revision)


def test_within_the_block_it_is_told_as_without(tmp_path: Path) -> None:
    store, plain = open_local(tmp_path), open_local(tmp_path)
    nights = [NIGHT + timedelta(days=n) for n in (3, 0, 2, 1)]
    store.commit(_key(nights[0]), Note())
    with store.listings.once():
        for night in (*nights, NIGHT):
            store.commit(_key(night, 1), Note())
            store.commit(_key(night, 2), Note(share=0.5))
            assert store.places("batches", PROJECT) == plain.places("batches", PROJECT)
            assert store.revisions("batches", PROJECT, night) == [_key(night, 1), _key(night, 2)]
        assert store.places("labels", PROJECT) == []


def test_each_folder_is_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, look = open_local(tmp_path), LocalStore.keys
    listed: list[str] = []

    def keys_below(backend: LocalStore, prefix: str) -> list[str]:
        listed.append(prefix)
        return look(backend, prefix)

    monkeypatch.setattr(LocalStore, "keys", keys_below)
    with store.listings.once():
        for number in range(5):
            store.commit(_key(NIGHT + timedelta(days=number)), Note())
            assert len(store.places("batches", PROJECT)) == number + 1
    assert len(listed) == 1
    store.places("batches", PROJECT)
    assert len(listed) == 2


def test_another_machine_is_seen_after_the_block_or_once_both_meet(tmp_path: Path) -> None:
    store, other = open_local(tmp_path), open_local(tmp_path)
    with store.listings.once():
        assert store.places("batches", PROJECT) == []
        other.commit(_key(NIGHT), Note(share=0.5))
        assert store.places("batches", PROJECT) == []
        with pytest.raises(Conflict):
            store.commit(_key(NIGHT), Note())
        assert [key for _, key in store.places("batches", PROJECT)] == [_key(NIGHT)]
