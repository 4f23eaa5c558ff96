"""Verify names every object that is not as it was committed, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.ledger import Entry
from schemas.record import canonical_json, digest_of
from tasks.store import keys
from tasks.store.verify import Finding, verify
from tests.tasks.store.records import NIGHT, PROJECT, VERSIONS, Note, decide, fill, open_local

BATCH = keys.batch(PROJECT, NIGHT, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(open_local(tmp_path))
    return tmp_path


def stored(folder: Path) -> dict[str, Path]:
    """Every object of the filled store but the hint."""
    root = folder / "store"
    files = [path for path in root.rglob("*") if path.is_file()]
    found = {path.relative_to(root).as_posix(): path for path in files}
    return {key: path for key, path in found.items() if not key.startswith("champion/")}


def named(folder: Path) -> dict[str, str]:
    """What a fresh process finds wrong."""
    return {found.key: found.state for found in verify(open_local(folder), PROJECT)}


def test_a_whole_store_has_no_findings(folder: Path) -> None:
    assert {key.split("/")[0] for key in stored(folder)} == set(keys.FOLDERS)
    assert verify(open_local(folder), PROJECT) == []
    assert verify(open_local(folder), "no-such-project") == []


def test_one_changed_byte_in_any_object_is_found_by_name(folder: Path) -> None:
    for key, path in stored(folder).items():
        whole = path.read_bytes()
        for at in {0, len(whole) // 3, len(whole) // 2, len(whole) - 1}:
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            assert named(folder)[key] == "damaged", (key, at)
        path.write_bytes(whole)
    assert named(folder) == {}


@pytest.mark.parametrize("key", [BATCH, keys.ledger(PROJECT, 2)])
def test_every_third_byte_of_a_record_counts(folder: Path, key: str) -> None:
    path = stored(folder)[key]
    whole = path.read_bytes()
    for at in range(0, len(whole), 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert named(folder)[key] == "damaged", at


def test_bytes_that_only_mean_the_same_are_found(folder: Path) -> None:
    path = stored(folder)[BATCH]
    whole = path.read_bytes()
    assert b'"share":1.0' in whole
    for same in (whole.replace(b"1.0", b"1e0"), whole + b"\n", whole.replace(b":", b": ", 1)):
        path.write_bytes(same)
        assert named(folder) == {BATCH: "damaged"}


@pytest.mark.parametrize("change", [lambda w: w[:0], lambda w: w[:-1], lambda w: w + w])
def test_cut_and_grown_objects_are_found(folder: Path, change: Callable[[bytes], bytes]) -> None:
    for key, path in stored(folder).items():
        whole = path.read_bytes()
        path.write_bytes(change(whole))
        assert named(folder)[key] == "damaged"
        path.write_bytes(whole)


def test_every_removed_object_that_a_record_names_is_missing(folder: Path) -> None:
    newest = keys.ledger(PROJECT, 3)  # what nothing names can go without a trace
    scores = (keys.predictions, keys.served, keys.upcoming, keys.profile, keys.search)
    nightly = (keys.labels, keys.delivery, *scores)
    unnamed = {newest, *(build(PROJECT, NIGHT, 1) for build in nightly)}
    unnamed |= {build(PROJECT, 1) for build in (keys.collection, keys.erasure)}
    for key, path in stored(folder).items():
        whole = path.read_bytes()
        path.unlink()
        assert named(folder) == ({} if key in unnamed else {key: "missing"})
        path.write_bytes(whole)


def test_a_finding_says_which_record_names_it(folder: Path) -> None:
    store = open_local(folder)
    rows = store.record(BATCH, Note).rows
    assert rows is not None
    (folder / "store" / rows.key).unlink()
    assert Finding(rows.key, "missing", f"{BATCH} names it") in verify(store, PROJECT)


def test_garbage_of_a_crash_is_no_finding(folder: Path) -> None:
    open_local(folder).add_bytes(PROJECT, b"never named", "parquet")
    (folder / "store" / ".tmp" / "1-2").write_bytes(b"half")
    open_local(folder).backend.replace(keys.champion(PROJECT), b"garbage")
    assert named(folder) == {}


def test_an_unnamed_object_that_is_not_what_its_name_says_is_damaged(folder: Path) -> None:
    ref = open_local(folder).add_bytes(PROJECT, b"never named", "parquet")
    (folder / "store" / ref.key).write_bytes(b"never nameD")
    assert named(folder) == {ref.key: "damaged"}


@pytest.mark.parametrize(
    "key",
    [
        f"batches/{PROJECT}/notes.txt",
        f"batches/{PROJECT}/2013-01-02/r1.json",
        f"models/{PROJECT}/{VERSIONS[1]}/model.ubj",
        f"ledger/{PROJECT}/4.json",
        f"data/{PROJECT}/rows.parquet",
    ],
)
def test_a_file_that_is_no_object_of_a_store_is_unexpected(folder: Path, key: str) -> None:
    open_local(folder).backend.create(key, b"{}")
    assert named(folder) == {key: "unexpected"}


def test_a_record_copied_to_another_key_is_found(folder: Path) -> None:
    store = open_local(folder)
    key = keys.batch(PROJECT, NIGHT.replace(day=9), 1)
    store.backend.create(key, store.backend.read(BATCH))
    assert named(folder) == {key: "damaged"}


def test_records_of_kinds_and_fields_yet_unknown_are_walked(folder: Path) -> None:
    store = open_local(folder)
    gone = keys.data(PROJECT, "0" * 64, "json")
    ref = {"key": gone, "sha256": "0" * 64, "bytes": 3, "rows": 7}
    elsewhere = {"key": "../../etc/passwd", "sha256": "0" * 64, "bytes": 3}
    deep: list[object] = [ref, elsewhere]
    for _ in range(100):
        deep = [deep]
    record = Note(nested={"later": deep, "words": ["x.json", "batches/sales/2013-01-02/r01.json"]})
    store.commit(keys.batch(PROJECT, NIGHT, 2), record)
    assert named(folder) == {gone: "missing", "../../etc/passwd": "damaged"}


def test_a_record_that_no_parser_survives_is_damaged(folder: Path) -> None:
    for number, data in enumerate((b'{"a":' * 100_000, b'{"a":NaN}', b"\xff", b"[]"), start=2):
        open_local(folder).backend.create(keys.night(PROJECT, NIGHT, number), data)
    assert named(folder) == {keys.night(PROJECT, NIGHT, n): "damaged" for n in (2, 3, 4, 5)}


def test_a_rewritten_ledger_is_found_at_the_break(folder: Path) -> None:
    other = open_local(folder / "other")
    decide(other, "promote", VERSIONS[7])
    first = keys.ledger(PROJECT, 1)
    open_local(folder).backend.replace(first, other.backend.read(first))
    found = named(folder)
    assert found[keys.ledger(PROJECT, 2)] == "damaged"
    assert found[keys.card(PROJECT, VERSIONS[7])] == "missing"


def test_an_entry_dated_before_the_one_before_it_is_found(folder: Path) -> None:
    store = open_local(folder)
    last = store.record(keys.ledger(PROJECT, 3), Entry)
    late = {"seq": 4, "previous": last.digest, "as_of": NIGHT.replace(day=1)}
    store.commit(keys.ledger(PROJECT, 4), Entry.model_validate({**dict(last), **late}))
    assert named(folder) == {keys.ledger(PROJECT, 4): "damaged"}


def test_an_entry_that_says_nothing_sound_is_damaged(folder: Path) -> None:
    store = open_local(folder)
    store.commit(keys.ledger(PROJECT, 4), Note())
    assert named(folder) == {keys.ledger(PROJECT, 4): "damaged"}


def test_another_format_is_not_taken_for_granted(folder: Path) -> None:
    body = {"format": 2, "kind": "note"}
    key = keys.night(PROJECT, NIGHT, 2)
    data = canonical_json({**body, "digest": digest_of(body)})
    open_local(folder).backend.create(key, data)
    assert named(folder) == {key: "damaged"}


def test_progress_is_told_every_key(folder: Path) -> None:
    told: list[str] = []
    verify(open_local(folder), PROJECT, told.append)
    assert set(told) == set(stored(folder))
