"""Who serves, in three requests; a hint that lies costs time and never the truth."""

from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Damaged
from schemas.ledger import Serving
from schemas.record import canonical_json, digest_of, parse_json
from tasks.store import Store, keys
from tasks.store.champion import find_serving
from tasks.store.ledger import read_standing
from tasks.store.local import LocalStore
from tests.tasks.store.records import PROJECT, VERSIONS, decide, open_local

HINT = keys.champion(PROJECT)


class Counting(LocalStore):
    """A backend that writes down what it was asked for."""

    asked: tuple[str, ...] = ()

    def read(self, key: str) -> bytes:
        self.asked += (key,)
        return super().read(key)

    def keys(self, prefix: str) -> list[str]:
        self.asked += (prefix,)
        return super().keys(prefix)


def look_up(folder: Path) -> tuple[Serving, tuple[str, ...]]:
    """What a process that knows nothing finds, and what it asked for."""
    backend = Counting(folder / "store")
    return find_serving(Store(backend, folder / "cache"), PROJECT), backend.asked


def promote(folder: Path, *versions: str) -> None:
    for version in versions:
        decide(open_local(folder), "promote", version)


def rewrite(folder: Path, slot: int, **changes: Any) -> None:
    """Change an entry as somebody would who knows the format."""
    backend, key = LocalStore(folder / "store"), keys.ledger(PROJECT, slot)
    body = {**parse_json(backend.read(key), key), **changes}
    body = {name: value for name, value in body.items() if name != "digest" and value != "gone"}
    backend.replace(key, canonical_json({**body, "digest": digest_of(body)}))


def test_it_takes_three_requests_however_long_the_ledger_is(tmp_path: Path) -> None:
    promote(tmp_path, *VERSIONS)
    serving, asked = look_up(tmp_path)
    assert serving.champion == VERSIONS[-1]
    assert asked == (HINT, keys.ledger(PROJECT, 20), keys.ledger(PROJECT, 21))


def test_it_says_what_the_whole_ledger_says(tmp_path: Path) -> None:
    store = open_local(tmp_path)
    moves = [("promote", 1), ("promote", 2), ("rollback", 1), ("unfreeze", None), ("freeze", None)]
    for action, version in moves:
        decide(store, action, None if version is None else VERSIONS[version])  # type: ignore[arg-type]  # a list of literals is one of str
        assert look_up(tmp_path)[0] == read_standing(store, PROJECT).serving
    assert look_up(tmp_path)[0].frozen_reason == "because"


def test_an_empty_ledger_has_no_champion(tmp_path: Path) -> None:
    assert look_up(tmp_path)[0].champion is None


def test_a_stale_hint_is_walked_on_from(tmp_path: Path) -> None:
    promote(tmp_path, VERSIONS[1])
    stale = LocalStore(tmp_path / "store").read(HINT)
    promote(tmp_path, VERSIONS[2], VERSIONS[3])
    LocalStore(tmp_path / "store").replace(HINT, stale)
    serving, asked = look_up(tmp_path)
    assert serving.champion == VERSIONS[3]
    assert asked == (HINT, *(keys.ledger(PROJECT, slot) for slot in (1, 2, 3, 4)))


@pytest.mark.parametrize(
    "hint",
    [
        None,
        b"",
        b"garbage",
        b"[]",
        b"[" * 100_000,
        b'{"seq":true}',
        canonical_json({"seq": 9, "champion": VERSIONS[9]}),
        canonical_json({"seq": 0}),
        canonical_json({"seq": -1}),
        canonical_json({"seq": 2.0}),
        canonical_json({"seq": "2"}),
        canonical_json({"seq": 10**400}),
        canonical_json({"champion": VERSIONS[9]}),
    ],
)
def test_a_hint_that_cannot_be_begun_from_costs_time_only(
    tmp_path: Path, hint: bytes | None
) -> None:
    promote(tmp_path, *VERSIONS[1:4])
    if hint is None:
        (tmp_path / "store" / HINT).unlink()
    else:
        LocalStore(tmp_path / "store").replace(HINT, hint)
    assert look_up(tmp_path)[0].champion == VERSIONS[3]
    decide(open_local(tmp_path), "rollback", VERSIONS[1])
    assert (look_up(tmp_path)[0].champion, len(look_up(tmp_path)[1])) == (VERSIONS[1], 3)


def test_a_hint_with_another_champion_misleads_nobody(tmp_path: Path) -> None:
    promote(tmp_path, *VERSIONS[1:4])
    lie = canonical_json({"seq": 2, "champion": VERSIONS[9], "digest": "0" * 64})
    LocalStore(tmp_path / "store").replace(HINT, lie)
    assert look_up(tmp_path)[0].champion == VERSIONS[3]


def test_entries_of_before_are_read_one_by_one(tmp_path: Path) -> None:
    promote(tmp_path, VERSIONS[1])
    rewrite(tmp_path, 1, leads_to="gone")
    assert look_up(tmp_path)[0].champion == VERSIONS[1]
    promote(tmp_path, VERSIONS[2])
    serving, asked = look_up(tmp_path)
    assert (serving.champion, len(asked)) == (VERSIONS[2], 3)


def test_a_changed_entry_is_named_and_not_followed(tmp_path: Path) -> None:
    promote(tmp_path, *VERSIONS[1:4])
    path = tmp_path / "store" / keys.ledger(PROJECT, 3)
    path.write_bytes(path.read_bytes().replace(b"because", b"becauze"))
    with pytest.raises(Damaged, match=keys.ledger(PROJECT, 3)):
        look_up(tmp_path)


def test_an_entry_that_does_not_follow_the_hinted_one_is_named(tmp_path: Path) -> None:
    promote(tmp_path, VERSIONS[1])
    stale = LocalStore(tmp_path / "store").read(HINT)
    promote(tmp_path, VERSIONS[2])
    LocalStore(tmp_path / "store").replace(HINT, stale)
    rewrite(tmp_path, 2, previous="0" * 64)
    with pytest.raises(Damaged, match="does not follow"):
        look_up(tmp_path)


def test_an_entry_that_lies_about_who_serves_is_named(tmp_path: Path) -> None:
    promote(tmp_path, *VERSIONS[1:3])
    lie = read_standing(open_local(tmp_path), PROJECT).serving.model_dump()
    rewrite(tmp_path, 2, leads_to={**lie, "champion": VERSIONS[9]})
    with pytest.raises(Damaged, match=f"{keys.ledger(PROJECT, 2)}: it says"):
        read_standing(open_local(tmp_path), PROJECT)
