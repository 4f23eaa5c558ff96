"""A ledger that was tampered with, and hints that lie: seen, named, never followed."""

from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Damaged, StoreUnavailable
from schemas.record import canonical_json, digest_of, parse_json
from tasks.store import Store, keys
from tasks.store.ledger import entries, fold, read_standing
from tests.tasks.store.records import PROJECT, VERSIONS, decide, open_local

HINTS = [
    b"",
    b"garbage",
    b"[]",
    canonical_json({"seq": 10**9, "champion": VERSIONS[9], "frozen": False}),
    canonical_json({"seq": -1}),
    canonical_json({"seq": 2, "champion": VERSIONS[9]}),
    canonical_json({"seq": "x" * 10_000}),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_local(tmp_path)


def rewrite(folder: Path, slot: int, changes: dict[str, Any]) -> None:
    """Change a stored entry as somebody would who knows the format."""
    store = open_local(folder)
    key = keys.ledger(PROJECT, slot)
    body = {**parse_json(store.backend.read(key), key), **changes}
    del body["digest"]
    store.backend.replace(key, canonical_json({**body, "digest": digest_of(body)}))


@pytest.mark.parametrize("hint", HINTS)
def test_a_wrong_hint_misleads_nobody_and_is_written_anew(tmp_path: Path, hint: bytes) -> None:
    store = open_local(tmp_path)
    decide(store, "promote", VERSIONS[1])
    decide(store, "promote", VERSIONS[2])
    store.backend.replace(keys.champion(PROJECT), hint)
    assert read_standing(open_local(tmp_path), PROJECT).champion == VERSIONS[2]
    decide(open_local(tmp_path), "rollback", VERSIONS[1])
    written = open_local(tmp_path).read_hint(PROJECT) or {}
    assert (written["seq"], written["champion"], written["frozen"]) == (3, VERSIONS[1], True)


def test_a_hint_that_cannot_be_written_undoes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreUnavailable("no room")

    monkeypatch.setattr(store.backend, "replace", refuse)
    assert decide(store, "promote", VERSIONS[1]).seq == 1
    assert store.read_hint(PROJECT) is None


@pytest.mark.parametrize(
    ("slot", "changes", "named"),
    [
        (1, {"reason": "rewritten"}, 2),
        (2, {"version": VERSIONS[9]}, 2),
        (2, {"version": VERSIONS[9], "leads_to": None}, 3),
        (3, {"previous": "0" * 64}, 3),
        (3, {"as_of": "2012-01-01"}, 3),
        (2, {"seq": 3}, 2),
        (2, {"project": "sales"}, 2),
        (2, {"action": "dance"}, 2),
        (2, {"version": None}, 2),
    ],
)
def test_a_rewritten_entry_is_named(
    tmp_path: Path, slot: int, changes: dict[str, Any], named: int
) -> None:
    for version in VERSIONS[1:4]:
        decide(open_local(tmp_path), "promote", version)
    rewrite(tmp_path, slot, changes)
    for read in (entries, read_standing):
        with pytest.raises(Damaged, match=keys.ledger(PROJECT, named)):
            read(open_local(tmp_path), PROJECT)
    with pytest.raises(Damaged):
        decide(open_local(tmp_path), "freeze")


def test_a_removed_entry_is_named_and_its_slot_not_given_away(tmp_path: Path) -> None:
    for version in VERSIONS[1:4]:
        decide(open_local(tmp_path), "promote", version)
    (tmp_path / "store" / keys.ledger(PROJECT, 2)).unlink()
    with pytest.raises(Damaged, match=f"{keys.ledger(PROJECT, 2)}: the slot is empty"):
        read_standing(open_local(tmp_path), PROJECT)


def test_a_fold_of_entries_that_do_not_follow_is_refused(store: Store) -> None:
    decide(store, "promote", VERSIONS[1])
    decide(store, "promote", VERSIONS[2])
    first, second = entries(store, PROJECT)
    with pytest.raises(Damaged, match=keys.ledger(PROJECT, 2)):
        fold([second])
    with pytest.raises(Damaged, match=keys.ledger(PROJECT, 1)):
        fold([first, first])
