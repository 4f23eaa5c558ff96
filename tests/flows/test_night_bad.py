"""A night that a person marks bad: what it reached, what it no longer does, and the way back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from flows.mark_bad import mark_bad
from flows.promote import promote
from flows.retrain import retrain
from flows.rollback import rollback
from schemas.errors import Conflict, Declined, NotYet
from schemas.ledger import Entry
from schemas.model import Card
from schemas.radius import BlastRadius
from tasks.engine import people
from tasks.engine.keeping.holders import find_versions
from tasks.engine.radius import blast_radius
from tasks.engine.replay.evidence import usable
from tasks.engine.replay.past import StoredPast
from tasks.engine.replay.reproduce import reproduce
from tasks.engine.training_set import NOT_RECORDED, read_training_set
from tasks.store import keys, ledger
from tasks.store.ledger import entries, read_standing
from tasks.store.verify import verify
from tests.building.fixtures import SERVED
from tests.building.older import forget_training_sets
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

LAST = SERVED - 1
"""The newest night that the second champion was trained and judged on; the first never saw it."""


def mark(number: int, *, undo: bool = False) -> Entry:
    return mark_bad.fn(NAME, day(number), "the till was broken", "ann", undo=undo)


def radius_of(world: World, number: int) -> BlastRadius:
    return blast_radius(world.store, world.project, day(number))


def versions(world: World) -> list[str]:
    """Those that came into service, in order."""
    return [str(entry.version) for entry in entries(world.store, NAME) if entry.version]


def trained(world: World, version: str | None) -> list[set[date]]:
    """The nights of the version's member and of its stand-in."""
    card = world.store.record(keys.card(NAME, str(version)), Card)
    sets = [read_training_set(world.store, fit).nights for fit in (*card.members, *card.stand_in)]
    return [{one.night for one in nights or ()} for nights in sets]


def live(world: World, numbers: Sequence[int]) -> None:
    for number in numbers:
        world.live(number)


def test_a_bad_night_is_in_no_later_training_gate_or_reference(served: World) -> None:
    old = served.champion
    mark(LAST)
    live(served, range(SERVED + 1, SERVED + 4))
    assert served.champion != old
    night = served.recorded(SERVED + 3)
    assert night.evidence.bad == (day(LAST),)
    assert night.evidence.plan.usable == SERVED + 2, "all but the bad one of the matured nights"
    served_by, stand_in = trained(served, served.champion)
    assert day(LAST) not in served_by | stand_in
    assert day(LAST + 1) in served_by
    contest = served.judgements(SERVED + 3)[-1].contest
    assert contest is not None
    assert len(contest.nights) == 6
    assert day(LAST) not in {one.as_of for one in contest.nights}
    assert verify(served.store, NAME) == []


def test_a_mark_that_is_taken_back_lets_the_night_count_again(served: World) -> None:
    mark(LAST)
    live(served, [SERVED + 1])
    assert mark(LAST, undo=True).action == "unmark-bad"
    assert read_standing(served.store, NAME).bad == ()
    live(served, [SERVED + 2, SERVED + 3])
    assert served.recorded(SERVED + 3).evidence.plan.usable == SERVED + 3
    assert day(LAST) in trained(served, served.champion)[0]


def test_the_mark_stays_when_the_night_is_delivered_once_more(served: World) -> None:
    mark(LAST)
    served.deliver(LAST, build_orders(LAST, shift=0.1))
    live(served, [SERVED + 1])
    assert served.recorded(LAST).revision == 2
    assert served.recorded(SERVED + 1).evidence.plan.usable == SERVED
    assert served.recorded(LAST).evidence.bad == (day(LAST),)


def test_the_newest_clean_champion_is_a_roll_back_away(served: World) -> None:
    live(served, [SERVED + 1])
    first, second = versions(served)
    told = radius_of(served, LAST)
    (model,) = told.models
    assert (model.version, [use.role for use in model.uses]) == (second, ["served", "gate"])
    assert [move.seq for move in model.moves] == [2]
    assert model.scored == (day(SERVED + 1),)
    assert told.is_champion_affected
    assert told.way_out.commands == (f"driftloop rollback {NAME} --version {first} --reason ...",)
    mark(LAST)
    rollback.fn(NAME, "the night was bad", "ann", first)
    assert served.champion == told.way_out.clean == first
    assert not radius_of(served, SERVED).is_champion_affected


def test_a_clean_champion_that_was_rolled_back_from_is_promoted_again(served: World) -> None:
    first, second = versions(served)
    live(served, range(SERVED + 1, SERVED + 4))
    rollback.fn(NAME, "tried out", "ann", first)
    mark(SERVED + 1)
    assert radius_of(served, SERVED).way_out.commands == ()
    told = radius_of(served, SERVED + 3)
    assert (told.champion, told.is_champion_affected) == (first, False)
    rollback.fn(NAME, "tried out", "ann", versions(served)[2])
    told = radius_of(served, SERVED)
    assert told.way_out.clean == second
    assert told.way_out.commands == (
        f"driftloop unfreeze {NAME} --reason ...",
        f"driftloop promote {NAME} --override --version {second} --reason ...",
    )


def test_where_no_champion_is_clean_one_is_fitted_anew_at_once(served: World) -> None:
    told = radius_of(served, 0)
    assert [model.version for model in told.models] == versions(served)
    assert told.way_out.clean is None
    assert told.way_out.commands == (f"driftloop promote {NAME} --override --reason ...",)
    with pytest.raises(Declined, match="no labelled night is newer"):
        promote.fn(NAME, "nothing is bad yet", "ann")
    mark(0)
    promote.fn(NAME, "without the bad night", "ann")
    assert day(0) not in set.union(*trained(served, served.champion))
    with pytest.raises(Declined, match="no labelled night is newer"):
        promote.fn(NAME, "once more", "ann")


def test_with_new_nights_a_retrain_fits_one_without_the_bad_night(served: World) -> None:
    live(served, [SERVED + 1])
    told = radius_of(served, 0)
    assert told.way_out.commands == (f"driftloop retrain {NAME}",)
    mark(0)
    assert str(retrain.fn(NAME, day(SERVED + 1), actor="ann")).startswith("ledger/")
    assert day(0) not in set.union(*trained(served, served.champion))


def test_models_that_list_no_nights_may_have_been_trained_on_it(served: World) -> None:
    forget_training_sets(served)
    told = radius_of(served, LAST)
    assert told.is_champion_affected
    assert told.models[0].uses[0].gap == NOT_RECORDED
    assert told.way_out.clean == versions(served)[0]


def test_an_erasure_asks_no_model_to_forget_a_night_it_never_learned(served: World) -> None:
    mark(LAST)
    live(served, range(SERVED + 1, SERVED + 4))
    _, second, third = versions(served)
    assert find_versions(served.store, NAME, [day(LAST)]) == (second,)
    assert set(find_versions(served.store, NAME, [day(LAST - 1)])) == {second, third}


def test_what_makes_no_sense_is_declined_and_nothing_is_recorded(served: World) -> None:
    served.night(SERVED + 1)  # nothing was delivered
    mark(LAST)
    before = served.files("ledger")
    with pytest.raises(Declined, match="marked bad already, by ann: the till was broken"):
        mark(LAST)
    with pytest.raises(NotYet, match="never recorded"):
        mark(SERVED + 9)
    with pytest.raises(Declined, match="has no batch"):
        mark(SERVED + 1)
    with pytest.raises(Declined, match="is not marked bad"):
        mark(LAST - 1, undo=True)
    assert served.files("ledger") == before


def test_of_two_people_at_once_one_marks_and_the_other_judges_again(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = ledger.append
    others = iter((LAST - 1,))

    def overtaken(*given: Any, **named: Any) -> Entry:
        for number in others:
            mark(number)
        return append(*given, **named)

    monkeypatch.setattr(people, "append", overtaken)
    with pytest.raises(Conflict, match="mark-bad lost the slot to"):
        mark(LAST)
    assert mark(LAST).seq == 4
    assert read_standing(served.store, NAME).bad_nights == {day(LAST - 1), day(LAST)}


def test_a_mark_between_judgement_and_promotion_has_it_judged_again_without_the_night(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(served, range(SERVED + 1, SERVED + 3))
    with monkeypatch.context() as patch:
        patch.setattr("tasks.engine.promote.settle_attempt", lambda *_: "")
        served.live(SERVED + 3)
    mark(LAST)
    served.live(SERVED + 4)
    outcomes = [judgement.outcome for judgement in served.judgements(SERVED + 3)]
    assert outcomes == ["passed", "lost", "passed"]
    assert "mark-bad by ann came between" in served.judgements(SERVED + 3)[1].sentence
    assert day(LAST) not in trained(served, served.champion)[0]


def test_a_replay_counts_a_night_as_it_did_at_the_time(served: World) -> None:
    live(served, range(SERVED + 1, SERVED + 3))
    mark(LAST)
    live(served, range(SERVED + 3, SERVED + 6))
    mark(LAST, undo=True)
    live(served, [SERVED + 6])
    past = StoredPast(served.store, served.project)
    for number in range(SERVED + 1, SERVED + 7):
        recorded = served.recorded(number)
        assert past.bad(day(number)) == set(recorded.evidence.bad), number
        counted = len(usable(past, day(number), recorded.trigger))
        assert counted == recorded.evidence.plan.usable, number
    told = reproduce(served.store, served.project)
    assert (told.differences, told.notes) == ((), ())
