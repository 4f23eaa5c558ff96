"""The ledger: one winner a slot, a chain that shows changes, a champion that is its fold."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.errors import Conflict, Damaged
from schemas.ledger import Entry, Standing, operation_id
from tasks.store import Store, keys
from tasks.store.ledger import champion_at, entries, read_standing
from tests.tasks.store.records import NIGHT, PROJECT, VERSIONS, decide, open_local

WRITERS = 16


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_local(tmp_path)


def test_an_empty_ledger_has_no_champion(store: Store) -> None:
    assert read_standing(store, PROJECT) == Standing()
    assert entries(store, PROJECT) == ()


def test_entries_are_chained_and_hold_no_clock(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        store = open_local(tmp_path / folder)
        first = decide(store, "promote", VERSIONS[1], judgement="j")
        second = decide(store, "promote", VERSIONS[2])
        assert (first.seq, first.previous) == (1, None)
        assert (second.seq, second.previous) == (2, first.digest)
        assert second.operation == operation_id(1, "promote", VERSIONS[2], None)
        assert entries(store, PROJECT) == (first, second)
    a, b = (tmp_path / folder / "store" / "ledger" / PROJECT for folder in ("a", "b"))
    assert [path.read_bytes() for path in sorted(a.iterdir())] == [
        path.read_bytes() for path in sorted(b.iterdir())
    ]


def test_the_standing_after_promotions(store: Store) -> None:
    for version in (*VERSIONS[1:4], VERSIONS[3]):
        last = decide(store, "promote", version)
    standing = read_standing(store, PROJECT)
    assert (standing.champion, standing.champion_seq) == (VERSIONS[3], 4)
    assert standing.previous_champions == (VERSIONS[2], VERSIONS[1])
    assert (standing.seq, standing.head_digest, standing.as_of) == (4, last.digest, NIGHT)
    assert not standing.frozen


def test_a_rollback_freezes_until_a_person_unfreezes(store: Store) -> None:
    for version in VERSIONS[1:4]:
        decide(store, "promote", version)
    decide(store, "rollback", VERSIONS[2], reason="it predicts zeros")
    standing = read_standing(store, PROJECT)
    assert standing.champion == VERSIONS[2]
    assert (standing.frozen, standing.frozen_reason) == (True, "it predicts zeros")
    decide(store, "unfreeze")
    standing = read_standing(store, PROJECT)
    assert (standing.champion, standing.frozen, standing.frozen_reason) == (
        VERSIONS[2],
        False,
        None,
    )


def test_a_rollback_leaves_nothing_newer_to_go_back_to(store: Store) -> None:
    for version in VERSIONS[1:5]:
        decide(store, "promote", version)
    decide(store, "rollback", VERSIONS[2])
    assert read_standing(store, PROJECT).previous_champions == (VERSIONS[1],)
    decide(store, "rollback", VERSIONS[9])  # one that never served
    assert read_standing(store, PROJECT).previous_champions == (VERSIONS[1],)


def test_freezes_acks_and_accepted_nights(store: Store) -> None:
    decide(store, "freeze", reason="audit")
    assert read_standing(store, PROJECT).frozen_reason == "audit"
    decide(store, "ack")
    for day in (5, 3, 5):
        decide(store, "accept", night=date(2013, 1, day))
    standing = read_standing(store, PROJECT)
    assert standing.last_ack_seq == 2
    assert standing.accepted == (date(2013, 1, 3), date(2013, 1, 5))
    assert standing.champion is None


def test_a_bad_night_is_so_until_it_is_taken_back(store: Store) -> None:
    for day, reason in ((5, "late"), (3, "wrong zone")):
        decide(store, "mark-bad", night=date(2013, 1, day), reason=reason)
    decide(store, "unmark-bad", night=date(2013, 1, 5))
    standing = read_standing(store, PROJECT)
    assert standing.bad_nights == {date(2013, 1, 3)}
    marked = standing.marked(date(2013, 1, 3))
    assert marked is not None
    assert (marked.seq, marked.reason) == (2, "wrong zone")
    assert standing.marked(date(2013, 1, 5)) is None


def test_a_bad_night_is_left_out_also_when_its_fault_was_accepted(store: Store) -> None:
    faulty = [date(2013, 1, day) for day in (3, 4)]
    decide(store, "accept", night=faulty[0])
    assert read_standing(store, PROJECT).left_out(faulty) == {faulty[1]}
    decide(store, "mark-bad", night=faulty[0])
    assert read_standing(store, PROJECT).left_out(faulty) == {*faulty}


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "promote"},
        {"action": "freeze", "version": VERSIONS[1]},
        {"action": "accept"},
        {"action": "mark-bad"},
        {"action": "unmark-bad", "version": VERSIONS[1], "night": NIGHT},
        {"action": "ack", "night": NIGHT},
        {"action": "dance"},
        {"action": "ack", "seq": 0},
        {"action": "ack", "seq": 2},
        {"action": "ack", "project": "../x"},
    ],
)
def test_an_entry_carries_what_its_action_needs_and_no_more(wrong: dict[str, Any]) -> None:
    good = {"project": PROJECT, "seq": 1, "previous": None, "as_of": NIGHT}
    with pytest.raises(ValidationError):
        Entry.model_validate({**good, "reason": "", "actor": "", "operation": "", **wrong})


def test_as_of_never_falls(store: Store) -> None:
    decide(store, "freeze", as_of=NIGHT)
    late = decide(store, "unfreeze", as_of=NIGHT - timedelta(days=9))
    assert late.as_of == NIGHT


def test_a_night_is_scored_by_the_champion_from_before_it(store: Store) -> None:
    for day, version in ((2, VERSIONS[1]), (2, VERSIONS[2]), (5, VERSIONS[3])):
        decide(store, "promote", version, as_of=date(2013, 1, day))
    history = entries(store, PROJECT)
    champions = [champion_at(history, date(2013, 1, day)) for day in (2, 3, 5, 6)]
    assert champions == [None, VERSIONS[2], VERSIONS[2], VERSIONS[3]]


def test_one_of_many_appenders_wins_and_the_others_learn_who(tmp_path: Path) -> None:
    judged = Standing()
    start = Barrier(WRITERS)

    def promote(writer: int) -> str:
        start.wait()
        try:
            return decide(open_local(tmp_path), "promote", VERSIONS[writer], standing=judged).action
        except Conflict as lost:
            return str(lost)

    for _ in range(5):
        with ThreadPoolExecutor(WRITERS) as pool:
            told = list(pool.map(promote, range(WRITERS)))
        judged = read_standing(open_local(tmp_path), PROJECT)
        assert told.index("promote") == VERSIONS.index(str(judged.champion))
        told.remove("promote")
        assert len(told) == WRITERS - 1
        assert all(f"'promote {judged.champion}' by 'ann'" in message for message in told)
    assert judged.seq == 5
    hint = open_local(tmp_path).read_hint(PROJECT) or {}
    assert hint["seq"] <= 5


def test_the_same_operation_on_the_same_head_is_done_once(tmp_path: Path) -> None:
    judged = Standing()
    first = decide(open_local(tmp_path), "promote", VERSIONS[1], standing=judged)
    again = decide(
        open_local(tmp_path), "promote", VERSIONS[1], standing=judged, reason="put another way"
    )
    assert again == first
    decide(open_local(tmp_path), "freeze")
    later = decide(open_local(tmp_path), "promote", VERSIONS[1], standing=judged)
    assert later == first
    assert len(entries(open_local(tmp_path), PROJECT)) == 2


def test_no_slot_is_left_out(store: Store) -> None:
    decide(store, "promote", VERSIONS[1])
    ahead = Standing(seq=3, head_digest="0" * 64)
    with pytest.raises(Damaged, match=keys.ledger(PROJECT, 3)):
        decide(store, "freeze", standing=ahead)
    foreign = Standing(seq=1, head_digest="0" * 64)
    with pytest.raises(Damaged, match=keys.ledger(PROJECT, 1)):
        decide(store, "freeze", standing=foreign)
    assert len(entries(store, PROJECT)) == 1
