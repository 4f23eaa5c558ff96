"""Policies under recorded evidence: nothing is fitted, nothing is written."""

from tasks.engine.replay.asked import Asked, ask
from tasks.engine.replay.variants import NAMES, make_variants
from tests.building.fixtures import GROWN
from tests.building.rows import day
from tests.building.world import World


def ask_all(world: World, *names: str, first: int = GROWN + 1, last: int = 999) -> dict[str, Asked]:
    variants = make_variants(names or NAMES, world.project.policy)
    found = ask(world.store, world.project, variants, day(first), day(last))
    return {asked.policy: asked for asked in found}


def test_the_own_policy_asks_for_what_was_recorded(lived: World) -> None:
    own = ask_all(lived, "own")["own"]
    recorded = [(j.as_of, j.cause.kind) for j in lived.judgements()[1:]]
    assert [(move.as_of, move.cause) for move in own.retrains] == recorded
    assert own.causes == {"drift": 1, "schedule": 5}
    assert [(move.what, move.as_of) for move in own.alarms] == [("drift", day(GROWN + 7))]


def test_policies_differ_as_they_should(lived: World) -> None:
    asked = ask_all(lived)
    counts = {name: len(one.retrains) for name, one in asked.items()}
    assert counts["never"] == 0
    assert counts["nightly"] == asked["nightly"].nights == 16
    assert counts["drift-only"] == 1
    assert counts["every-7-or-hint"] < counts["every-3"] == counts["own"] < counts["nightly"]
    assert asked["never"].row_rounds == 0 < asked["own"].row_rounds < asked["nightly"].row_rounds


def test_cost_is_that_of_refits_and_of_challengers_that_are_no_earlier_refit(lived: World) -> None:
    """40 rows a night, 5 rounds: night d knows d nights, a challenger 6 fewer."""
    asked = ask_all(lived, "nightly", last=GROWN + 8)["nightly"]
    refits = sum(range(GROWN + 1, GROWN + 9))
    challengers = sum(range(GROWN + 1 - 6, GROWN + 1))
    assert asked.row_rounds == (refits + challengers) * 40 * 5


def test_only_nights_asked_for_are_decided(lived: World) -> None:
    first, last = GROWN + 4, GROWN + 9
    asked = ask_all(lived, "own", "nightly", first=first, last=last)
    assert asked["nightly"].nights == 6
    assert [m.as_of for m in asked["nightly"].retrains] == [day(n) for n in range(first, last + 1)]
    assert [m.as_of for m in asked["own"].retrains] == [day(GROWN + 6), day(GROWN + 7)], (
        "the last attempt before them is remembered"
    )


def test_history_decides_nothing(lived: World) -> None:
    assert ask_all(lived, "nightly", first=0, last=GROWN - 1) == {}


def test_the_store_stays_as_it_is(lived: World) -> None:
    before = lived.files()
    ask_all(lived)
    assert lived.files() == before
