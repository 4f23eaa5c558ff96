"""Records and objects: read verified, or refused by name."""

import json
from pathlib import Path

import pytest

from schemas.errors import Conflict, Damaged, InvalidName, Missing, StoreUnavailable
from schemas.record import ObjectRef, canonical_json, digest_of
from tasks.store import Store, keys
from tests.tasks.store.records import NIGHT, PROJECT, Note, open_local, open_remote

KEY = keys.batch(PROJECT, NIGHT, 1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_local(tmp_path)


def body(**fields: object) -> dict[str, object]:
    made = {"format": 1, "kind": "note", "project": PROJECT, **fields}
    return {**made, "digest": digest_of(made)}


def test_a_record_reads_as_it_was_committed(store: Store, tmp_path: Path) -> None:
    note = Note(nested={"a": [1, None, "é"]})
    store.commit(KEY, note)
    store.commit(KEY, note)
    read = open_local(tmp_path).record(KEY, Note)
    assert (read.nested, read.digest) == (note.nested, note.digest)
    assert store.record(KEY, Note) is store.record(KEY, Note)


def test_another_record_under_a_key_is_a_conflict(store: Store) -> None:
    store.commit(KEY, Note())
    with pytest.raises(Conflict, match=KEY):
        store.commit(KEY, Note(share=0.5))


def test_records_go_under_keys_of_the_store_only(store: Store) -> None:
    for key in ("notes/flights.json", "champion/flights.json", "../x"):
        with pytest.raises(InvalidName):
            store.commit(key, Note())


def test_fields_of_a_later_version_are_ignored_and_their_digest_kept(store: Store) -> None:
    later = body(added={"deep": [1, 2]})
    store.backend.create(KEY, canonical_json(later))
    note = store.record(KEY, Note)
    assert note.digest == later["digest"]
    assert note.share == 1.0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"share": NaN}',
        b'{"share": 1e999}',
        b'{"share": "\\ud800"}',
        b'{"share": ' + b"1" * 5_000 + b"}",
        b'{"a":' * 600 + b"1" + b"}" * 600,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        canonical_json({**body(), "share": 0.5}),
        canonical_json(body(kind="other")),
        canonical_json(body(format=2)),
        canonical_json(body(share="much")),
        canonical_json(body(project="sales")),
        canonical_json(body(as_of="2013-01-03")),
        canonical_json(body())[:-1],
    ],
    ids=lambda data: data[:24].decode(errors="replace"),
)
def test_what_is_no_such_record_is_damaged_by_name(store: Store, data: bytes) -> None:
    store.backend.create(KEY, data)
    with pytest.raises(Damaged, match=KEY):
        store.record(KEY, Note)


def test_an_absent_record_is_missing_until_it_comes(store: Store) -> None:
    with pytest.raises(Missing, match=KEY):
        store.record(KEY, Note)
    assert not store.exists(KEY)
    store.commit(KEY, Note())
    assert store.record(KEY, Note) == store.record(KEY, Note)
    assert store.exists(KEY)


def test_revisions_count_past_99_and_ignore_strangers(store: Store) -> None:
    for number in (9, 100, 10, 99, 1):
        store.commit(keys.batch(PROJECT, NIGHT, number), Note())
    store.backend.create(f"{keys.prefix('batches', PROJECT, NIGHT)}notes.txt", b"hello")
    found = store.revisions("batches", PROJECT, NIGHT)
    assert found == [keys.batch(PROJECT, NIGHT, number) for number in (1, 9, 10, 99, 100)]


@pytest.mark.parametrize("suffix", keys.SUFFIXES)
def test_objects_are_named_after_their_content(
    store: Store, tmp_path: Path, suffix: keys.Suffix
) -> None:
    (tmp_path / "in").write_bytes(b"rows")
    ref = store.add_file(PROJECT, tmp_path / "in", suffix)
    assert ref == store.add_bytes(PROJECT, b"rows", suffix)
    assert ref.key == f"data/{PROJECT}/{ref.sha256}.{suffix}"
    assert store.fetch(ref).name.endswith(f".{suffix}")
    assert store.read_bytes(ref) == b"rows"


@pytest.mark.parametrize("damage", [b"", b"row", b"rots", b"rows2"])
def test_a_damaged_object_is_named(tmp_path: Path, damage: bytes) -> None:
    ref = open_local(tmp_path).add_bytes(PROJECT, b"rows", "json")
    open_local(tmp_path).backend.replace(ref.key, damage)
    for store in (open_local(tmp_path), open_remote(tmp_path)[0]):
        for ask in (store.fetch, store.read_bytes, store.check):
            with pytest.raises(Damaged, match=ref.key):
                ask(ref)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_missing_object_is_named(tmp_path: Path) -> None:
    ref = open_local(tmp_path).add_bytes(PROJECT, b"rows", "json")
    (tmp_path / "store" / ref.key).unlink()
    for store in (open_local(tmp_path), open_remote(tmp_path)[0]):
        for ask in (store.fetch, store.read_bytes, store.check):
            with pytest.raises(Missing, match=ref.key):
                ask(ref)


def test_an_object_that_changes_after_its_first_use_is_noticed_when_read(store: Store) -> None:
    ref = store.add_bytes(PROJECT, b"rows", "json")
    store.fetch(ref)
    store.backend.replace(ref.key, b"rots")
    with pytest.raises(Damaged, match=ref.key):
        store.read_bytes(ref)


@pytest.mark.parametrize(
    "change",
    [
        {"key": "../../etc/passwd"},
        {"key": "/etc/passwd"},
        {"key": f"data/{PROJECT}/{'0' * 64}.json"},
        {"sha256": "../../x"},
        {"sha256": "0" * 64},
    ],
)
def test_references_that_lead_elsewhere_are_refused(tmp_path: Path, change: dict[str, str]) -> None:
    ref = open_local(tmp_path).add_bytes(PROJECT, b"rows", "json")
    for store in (open_local(tmp_path), open_remote(tmp_path)[0]):
        for ask in (store.fetch, store.read_bytes, store.check):
            with pytest.raises(Damaged):
                ask(ObjectRef(**{**dict(ref), **change}))


def test_a_local_object_is_read_in_place(store: Store, tmp_path: Path) -> None:
    ref = store.add_bytes(PROJECT, b"rows", "parquet")
    assert store.fetch(ref) == tmp_path / "store" / ref.key
    assert not (tmp_path / "cache").exists()


def test_a_remote_object_is_fetched_once_whatever_the_process(tmp_path: Path) -> None:
    store, backend = open_remote(tmp_path)
    ref = store.add_bytes(PROJECT, b"rows", "html.gz")
    copy = store.fetch(ref)
    assert copy == store.fetch(ref) == tmp_path / "cache" / f"{ref.sha256}.html.gz"
    assert backend.fetched == 1
    later, backend = open_remote(tmp_path)
    assert later.read_bytes(ref) == b"rows"
    assert backend.fetched == 0


@pytest.mark.parametrize("damage", [None, b"", b"rots", b"rows2"])
def test_a_damaged_copy_is_replaced_silently(tmp_path: Path, damage: bytes | None) -> None:
    first, _ = open_remote(tmp_path)
    ref = first.add_bytes(PROJECT, b"rows", "json")
    copy = first.fetch(ref)
    copy.unlink()
    if damage is not None:
        copy.write_bytes(damage)
    store, backend = open_remote(tmp_path)
    assert store.read_bytes(ref) == b"rows"
    assert backend.fetched == 1
    assert list((tmp_path / "cache").iterdir()) == [copy]


def test_a_copy_hides_no_damage_from_a_check(tmp_path: Path) -> None:
    store, backend = open_remote(tmp_path)
    ref = store.add_bytes(PROJECT, b"rows", "json")
    store.fetch(ref)
    backend.replace(ref.key, b"rots")
    assert store.read_bytes(ref) == b"rows"
    with pytest.raises(Damaged, match=ref.key):
        store.check(ref)


def test_a_cache_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"in the way")
    store, _ = open_remote(tmp_path)
    ref = store.add_bytes(PROJECT, b"rows", "json")
    with pytest.raises(StoreUnavailable, match=r"cache: .*repair the cause"):
        store.fetch(ref)


@pytest.mark.parametrize("garbage", [b"", b"[]", b"\xff", b"{", json.dumps("x").encode()])
def test_a_hint_of_garbage_is_no_hint(store: Store, garbage: bytes) -> None:
    assert store.read_hint(PROJECT) is None
    store.put_hint(PROJECT, {"champion": "x"})
    assert store.read_hint(PROJECT) == {"champion": "x"}
    store.backend.replace(keys.champion(PROJECT), garbage)
    assert store.read_hint(PROJECT) is None
