"""Records read ahead: all at once from far away, one by one where files are read in place."""

from pathlib import Path
from threading import current_thread

import pytest

from schemas.errors import Damaged
from schemas.ledger import Entry
from tasks.store import Store, keys
from tasks.store.ahead import read_ahead
from tasks.store.ledger import entries, read_standing
from tests.tasks.store.records import PROJECT, VERSIONS, Remote, decide, open_local, open_remote


class Watched(Remote):
    """Notes which thread reads which key."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read_by: dict[str, list[str]] = {}

    def read(self, key: str) -> bytes:
        self.read_by.setdefault(key, []).append(current_thread().name)
        return super().read(key)


@pytest.fixture
def far(tmp_path: Path) -> Store:
    for version in VERSIONS[:6]:
        decide(open_local(tmp_path), "promote", version)
    return Store(Watched(tmp_path / "store"), tmp_path / "cache")


def test_the_ledger_of_a_far_store_is_read_by_several_at_once_each_entry_once(far: Store) -> None:
    assert len(entries(far, PROJECT)) == 6
    assert read_standing(far, PROJECT).champion == VERSIONS[5]
    assert isinstance(far.backend, Watched)
    ledger = {key: who for key, who in far.backend.read_by.items() if key.startswith("ledger/")}
    assert [len(who) for who in ledger.values()] == [1] * 6
    assert all(name.startswith("ThreadPool") for who in ledger.values() for name in who)


def test_a_damaged_record_is_an_error_as_if_it_were_read_alone(far: Store) -> None:
    damaged = keys.ledger(PROJECT, 3)
    far.backend.replace(damaged, b"{}")
    with pytest.raises(Damaged, match=damaged):
        read_ahead(far, [keys.ledger(PROJECT, seq) for seq in range(1, 7)], Entry)


def test_files_in_place_are_not_read_ahead(tmp_path: Path) -> None:
    store, _ = open_remote(tmp_path)
    decide(store, "freeze")
    decide(store, "unfreeze")
    near = open_local(tmp_path)
    slots = [keys.ledger(PROJECT, seq) for seq in (1, 2)]
    read_ahead(near, slots, Entry)
    assert not any(near.knows(key, Entry) for key in slots)
