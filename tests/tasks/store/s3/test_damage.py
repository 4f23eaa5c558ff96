"""What was changed or cut on the way never reaches anybody: asked for once more, then Damaged."""

from pathlib import Path

import pytest

from schemas.errors import Damaged, StoreUnavailable
from schemas.record import ObjectRef
from tasks.store import Store, keys
from tests.building.fault_proxy import FaultProxy
from tests.building.faults import Fault
from tests.tasks.store.records import NIGHT, PROJECT, Note
from tests.tasks.store.s3.conftest import Opener

ROWS = b"PAR1 rows of a night PAR1" * 50
RECORD = keys.batch(PROJECT, NIGHT, 1)


@pytest.fixture
def store(opened: Opener, tmp_path: Path) -> Store:
    return Store(opened(), tmp_path / "cache")


@pytest.fixture
def rows(store: Store) -> ObjectRef:
    return store.add_bytes(PROJECT, ROWS, "parquet")


def test_one_flipped_bit_on_the_way_is_fetched_again(
    store: Store, rows: ObjectRef, proxy: FaultProxy
) -> None:
    proxy.plan(Fault("corrupt_response", "GET", "data/", times=1))
    assert store.read_bytes(rows) == ROWS
    assert [seen.fault for seen in proxy.seen if seen.method == "GET"] == ["corrupt_response", None]


def test_what_stays_damaged_is_said_to_be_and_nothing_is_left_in_the_cache(
    store: Store, rows: ObjectRef, proxy: FaultProxy
) -> None:
    proxy.plan(Fault("corrupt_response", "GET", "data/"))
    with pytest.raises(Damaged, match=rows.key):
        store.fetch(rows)
    assert len([seen for seen in proxy.seen if seen.method == "GET"]) == 2
    assert list(store.cache.iterdir()) == []


@pytest.mark.parametrize("kind", ["corrupt_response", "truncate_response"])
def test_a_record_changed_on_the_way_is_read_again(
    store: Store, proxy: FaultProxy, kind: str
) -> None:
    store.commit(RECORD, Note(share=0.25))
    proxy.plan(Fault(kind, "GET", "batches/", times=1))  # type: ignore[arg-type]
    assert store.record(RECORD, Note).share == 0.25


def test_a_record_that_stays_damaged_is_said_to_be(store: Store, proxy: FaultProxy) -> None:
    store.commit(RECORD, Note())
    proxy.plan(Fault("corrupt_response", "GET", "batches/"))
    with pytest.raises(Damaged, match=RECORD):
        store.record(RECORD, Note)
    assert len(proxy.seen) == 2


def test_a_transfer_that_is_cut_for_ever_is_an_outage_and_no_damage(
    opened: Opener, rows: ObjectRef, proxy: FaultProxy, tmp_path: Path
) -> None:
    store = Store(opened(deadline_seconds=0.2), tmp_path / "other")
    proxy.plan(Fault("truncate_response", "GET", "data/"))
    with pytest.raises(StoreUnavailable, match="run again"):
        store.fetch(rows)
    assert list(store.cache.iterdir()) == []


def test_verify_looks_twice_before_it_calls_a_sound_object_damaged(
    store: Store, rows: ObjectRef, proxy: FaultProxy
) -> None:
    proxy.plan(Fault("corrupt_response", "GET", "data/", times=1))
    store.check(rows)
