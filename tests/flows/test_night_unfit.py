"""A store that overwrites: nothing is decided there, all else goes on, and a mended one is used."""

import re
from pathlib import Path

import pytest

from flows.freeze import freeze
from flows.promote import promote
from flows.rollback import rollback
from schemas.errors import Declined
from tasks.store.local import LocalStore
from tasks.store.verify import verify
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.unfit import Ignoring
from tests.building.world import World

SAYS = "the store is not fit for decisions (ignored: it overwrites"


def folder(world: World) -> Path:
    return world.root / "store"


def test_a_passed_refresh_ends_as_a_failure_that_names_the_store_and_the_doctor(
    young: World,
) -> None:
    young.store.backend = Ignoring(folder(young))
    nights = [young.live(number) for number in range(YOUNG + 1, SERVED + 1)]
    assert [night.evidence.data for night in nights] == ["accepted"] * 3
    passed, failed = young.judgements(SERVED)
    assert (passed.outcome, failed.outcome) == ("passed", "failed")
    assert SAYS in failed.sentence
    assert "driftloop doctor" in failed.sentence
    assert [move for move, _ in young.moves()] == ["promote"]
    assert verify(young.store, NAME) == []


def test_once_the_store_is_mended_the_next_refresh_is_promoted_and_nobody_cleans_up(
    young: World,
) -> None:
    young.store.backend = Ignoring(folder(young))
    for number in range(YOUNG + 1, SERVED + 1):
        young.live(number)
    young.forget()
    young.store.backend = LocalStore(folder(young))
    states = [young.live(number).decision.state for number in range(SERVED + 1, SERVED + 4)]
    assert states == ["Nothing due", "Nothing due", "Retrain due"]
    assert [move for move, _ in young.moves()] == ["promote", "promote"]


def test_what_a_person_wants_written_to_the_ledger_is_declined_in_the_same_words(
    served: World,
) -> None:
    served.store.backend = Ignoring(folder(served))
    for decide in (freeze, promote, rollback):
        with pytest.raises(Declined, match=re.escape(SAYS)):
            decide.fn(NAME, "because", "ann")
    assert len(served.moves()) == 2
