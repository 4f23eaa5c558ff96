"""Promotions on probation: a worse model is rolled back by itself, an undisturbed one never."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from flows.promote import promote
from schemas.model import Card
from schemas.probation import ACTOR
from tasks.engine.reconcile import find_undone
from tasks.engine.replay.reproduce import reproduce
from tasks.store import keys
from tasks.store.ledger import entries, read_standing
from tasks.telling.moves import tell_move
from tasks.telling.night_page import night_page
from tests.building.brittle import Brittle, Killed
from tests.building.fixtures import SERVED, YOUNG, cut_short, settle
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.source import LABELS
from tests.building.world import World

NEXT = SERVED + 1
FLIPPED = range(NEXT, NEXT + 9)
"""Nights of wrong labels: they train refreshes and judge them, so these pass."""
WORSE = NEXT + 14


def deliver(world: World, number: int) -> None:
    """A usual night's orders, and the labels of the night before."""
    world.label(number - 1)
    if number - 1 in FLIPPED:
        labels = pd.read_csv(world.root / "landing" / f"{day(number - 1)}{LABELS}")
        world.label(number - 1, labels.assign(returned=1 - labels["returned"]))
    world.deliver(number)


@pytest.fixture(scope="module")
def evening(served_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world on the evening before the roll-back, two more nights delivered."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        world = settle(tmp_path_factory.mktemp("evening"), patch)
        World(served_root).copy_to(world.root)
        for number in range(NEXT, WORSE):
            deliver(world, number)
            world.night(number)
        assert {judged.outcome for judged in world.judgements()} == {"passed"}
        for number in (WORSE, WORSE + 1):
            deliver(world, number)
        yield world


@pytest.fixture
def poisoned(evening: World, world: World) -> World:
    evening.copy_to(world.root)
    world.forget()
    return world


def test_a_model_made_worse_after_its_promotion_is_rolled_back_and_stays_frozen(
    poisoned: World,
) -> None:
    first = entries(poisoned.store, NAME)[0].version
    night = poisoned.night(WORSE)
    assert (night.decision.action, night.decision.back_to) == ("rollback", first)
    back = entries(poisoned.store, NAME)[-1]
    assert (back.action, back.actor, back.version, back.as_of) == (
        *("rollback", ACTOR, first),
        day(WORSE),
    )
    assert "99.9%" in back.reason
    assert read_standing(poisoned.store, NAME).frozen
    for number in range(WORSE + 1, WORSE + 5):
        frozen = poisoned.live(number)
        assert (frozen.decision.state, frozen.evidence.champion) == ("Frozen", first)
        assert frozen.evidence.probation is None
    assert poisoned.champion == first
    assert reproduce(poisoned.store, poisoned.project).differences == ()


def test_people_are_told_which_nights_to_look_at_and_what_to_type(poisoned: World) -> None:
    night = poisoned.night(WORSE)
    entry = entries(poisoned.store, NAME)[-1]
    key = keys.ledger(NAME, entry.seq)
    told = tell_move(poisoned.store, poisoned.project, key)
    assert told.numbers[0].startswith(f"nights {day(YOUNG)} to {day(WORSE - 4)} trained the model")
    assert f"driftloop mark-bad {NAME} NIGHT" in told.commands[1]
    assert told.commands[2].startswith(f"driftloop unfreeze {NAME}")
    page = night_page(poisoned.store, poisoned.project, keys.night(NAME, day(WORSE), 1)).markdown
    assert f"5 promotions since {day(SERVED)}, worse: loss +" in page
    assert f"{entry.version} serves from the next night (ledger {entry.seq})" in page
    assert night.decision.sentence in page


@pytest.mark.parametrize(("prefix", "again"), [("nights/", WORSE + 1), ("ledger/", WORSE)])
def test_a_roll_back_killed_in_the_middle_is_carried_out_once_by_the_next_run(
    poisoned: World, prefix: str, again: int
) -> None:
    poisoned.store.backend = Brittle(poisoned.store.backend, prefix=prefix, after=True)
    with pytest.raises(Killed):
        poisoned.night(WORSE)
    poisoned.forget()
    assert (find_undone(poisoned.store, NAME) is None) == (prefix == "ledger/")
    poisoned.night(again)
    poisoned.night(WORSE + 1)
    assert [move for move, _ in poisoned.moves()][-2:] == ["promote", "rollback"]
    assert find_undone(poisoned.store, NAME) is None
    assert poisoned.recorded(WORSE + 1).decision.state == "Frozen"


def test_whoever_moved_the_champion_before_it_was_rolled_back_had_the_last_word(
    poisoned: World,
) -> None:
    poisoned.store.backend = Brittle(poisoned.store.backend, prefix="nights/", after=True)
    with pytest.raises(Killed):
        poisoned.night(WORSE)
    poisoned.forget()
    chosen = entries(poisoned.store, NAME)[1].version
    promote.fn(NAME, "this one was sound", "ann", chosen or "")
    night = poisoned.night(WORSE + 1)
    assert "rollback" not in {move for move, _ in poisoned.moves()}
    assert night.evidence.champion == chosen
    assert night.evidence.probation is None, "what a person chose is on no probation"


def test_a_shadow_that_cannot_score_judges_nobody_and_says_so(poisoned: World) -> None:
    first = entries(poisoned.store, NAME)[0].version or ""
    model = poisoned.store.record(keys.card(NAME, first), Card).members[0].model
    (poisoned.root / "store" / model.key).write_bytes(b"damaged")
    for cached in (poisoned.root / "cache").rglob(f"*{model.sha256}*"):
        cached.unlink()
    night = poisoned.night(WORSE)
    assert night.evidence.probation is not None
    assert night.evidence.probation.no_shadow
    assert night.decision.action != "rollback"


def test_an_undisturbed_project_is_never_rolled_back(served: World) -> None:
    nights = [served.live(number) for number in range(NEXT, NEXT + 6)]
    watched = [night.evidence.probation for night in nights]
    assert [len(one.nights) for one in watched if one] == [0, 1, 2, 3, 4, 5]
    assert {move for move, _ in served.moves()} == {"promote"}
    served.declare("policy={'probation_nights': 0}")
    assert served.live(NEXT + 6).evidence.probation is None
