"""Rounds are recorded under the next free number, also when another process takes it first."""

from typing import Any

import pytest

from schemas.delivery import Delivery, Told
from schemas.errors import Conflict
from tasks.engine.rounds import last_round, record_round, rounds_since
from tasks.store import Store, keys
from tests.building.chronicle import Chronicle
from tests.building.project import NAME
from tests.tasks.core.nights import day

TOLD = Told(source="run/nightly/2026-01-01", kind="failed", accepted=1)


def record(store: Store, number: int = 0) -> None:
    record_round(store, NAME, day(number), None, None, (TOLD,))


def other(number: int) -> Delivery:
    return Delivery(project=NAME, as_of=day(0), number=number, night=None, undone=None)


def test_rounds_are_numbered_within_their_night() -> None:
    store = Chronicle().store
    for number in (0, 0, 1):
        record(store, number)
    found = rounds_since(store, NAME, day(0))
    assert [(one.as_of, one.number) for one in found] == [(day(0), 1), (day(0), 2), (day(1), 1)]
    assert last_round(store, NAME) == found[-1]
    assert rounds_since(store, NAME, day(1)) == found[-1:]


def test_a_number_that_another_process_took_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Chronicle().store
    listed = store.places

    def taken_after_the_look(*arguments: Any) -> Any:
        seen = listed(*arguments)
        if len(seen) < 2:
            store.commit(keys.delivery(NAME, day(0), len(seen) + 1), other(len(seen) + 1))
        return seen

    monkeypatch.setattr(store, "places", taken_after_the_look)
    record(store)
    assert [len(one.messages) for one in rounds_since(store, NAME, day(0))] == [0, 0, 1]


def test_a_number_that_is_always_taken_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Chronicle().store
    record(store)
    monkeypatch.setattr(store, "places", lambda *_: [])
    with pytest.raises(Conflict):
        record_round(store, NAME, day(0), None, None, ())
