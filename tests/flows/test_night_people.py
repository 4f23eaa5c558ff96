"""What people decide: roll back, freeze, unfreeze, acknowledge, accept, retrain by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from flows.retrain import carry_out, retrain
from flows.rollback import rollback
from schemas.errors import Declined, NotYet
from schemas.ledger import Action, Entry
from tasks.engine import promote
from tasks.engine import publish as publishing
from tasks.engine.people import decide_by_hand
from tasks.store import keys
from tasks.store.ledger import entries, read_standing
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

NEXT = YOUNG + 1
REFUSING = "gates=(RefuseRefreshes(), BeatsPrior())"


def by_hand(world: World, action: Action, as_of: int, night: date | None = None) -> Entry:
    return decide_by_hand(
        world.store, world.project, action, day(as_of), "because", "ann", night=night
    )


def live_until(world: World, first: int, last: int) -> list[str]:
    """The states of usual nights from `first` to `last`."""
    return [world.live(number).decision.state for number in range(first, last + 1)]


def test_after_a_roll_back_the_old_champion_stays_frozen_until_somebody_unfreezes(
    young: World,
) -> None:
    old = young.champion
    live_until(young, NEXT, NEXT + 2)
    assert young.champion != old
    entry = rollback.fn(NAME, "returns look wrong", "ann")
    assert (entry.action, entry.version, entry.as_of) == ("rollback", old, day(NEXT + 2))
    assert live_until(young, NEXT + 3, NEXT + 7) == ["Frozen"] * 5
    night = young.recorded(NEXT + 7)
    assert (young.champion, night.evidence.champion, night.evidence.frozen) == (old, old, True)
    assert [move for move, _ in young.moves()] == ["promote", "promote", "rollback"]
    by_hand(young, "unfreeze", NEXT + 7)
    assert young.live(NEXT + 8).decision.retrain == "refresh"
    assert [move for move, _ in young.moves()][3:] == ["unfreeze", "promote"]
    assert young.champion != old


def test_a_night_is_scored_by_the_champion_of_the_entries_before_it(young: World) -> None:
    live_until(young, NEXT, NEXT + 4)
    by_night = {n: young.recorded(n).evidence.champion for n in range(YOUNG, NEXT + 5)}
    first, second = [entry.version for entry in entries(young.store, NAME)]
    assert by_night == {
        YOUNG: None,
        NEXT: first,
        NEXT + 1: first,
        NEXT + 2: first,
        NEXT + 3: second,
        NEXT + 4: second,
    }


def test_without_an_earlier_champion_there_is_nothing_to_roll_back_to(young: World) -> None:
    with pytest.raises(NotYet, match="no earlier champion"):
        rollback.fn(NAME, "because", "ann")
    assert len(young.moves()) == 1


def test_a_roll_back_asked_for_twice_goes_back_once(young: World) -> None:
    live_until(young, NEXT, NEXT + 5)
    first, second, _ = [entry.version for entry in entries(young.store, NAME)]
    rollback.fn(NAME, "because", "ann")
    with pytest.raises(Declined, match=rf"rolled back already, to {second}.*--version"):
        rollback.fn(NAME, "because", "ann")
    assert young.champion == second
    rollback.fn(NAME, "further back", "ann", str(first))
    assert young.champion == first


def test_a_freeze_between_judgement_and_promotion_stops_the_promotion(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = young.champion
    live_until(young, NEXT, NEXT + 1)
    with monkeypatch.context() as patch:
        patch.setattr("tasks.engine.promote.settle_attempt", lambda *_: "")
        young.live(NEXT + 2)
    assert young.judgements()[-1].outcome == "passed"
    by_hand(young, "freeze", NEXT + 2)
    night = young.live(NEXT + 3)
    outcomes = [judgement.outcome for judgement in young.judgements(NEXT + 2)]
    assert (young.champion, night.decision.state) == (before, "Frozen")
    assert outcomes[:2] == ["passed", "lost"]
    assert "freeze by ann came between" in young.judgements(NEXT + 2)[1].sentence


def test_a_promotion_that_lost_its_slot_is_judged_again_on_the_new_standing(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_until(young, NEXT, NEXT + 1)
    publish = publishing.publish
    others: Iterator[Action] = iter(("freeze", "unfreeze"))

    def overtaken(*arguments: Any) -> Any:
        published = publish(*arguments)
        for action in others:
            by_hand(young, action, NEXT + 1)
        return published

    monkeypatch.setattr(promote, "publish", overtaken)
    young.live(NEXT + 2)
    judged = young.judgements(NEXT + 2)
    assert [judgement.outcome for judgement in judged] == ["passed", "lost", "passed"]
    assert [judgement.head for judgement in judged] == [1, 1, 3]
    assert [move for move, _ in young.moves()] == ["promote", "freeze", "unfreeze", "promote"]
    assert entries(young.store, NAME)[-1].judgement_digest == judged[-1].digest


def test_people_are_declined_what_makes_no_sense(young: World) -> None:
    young.live(NEXT)
    for action in ("unfreeze", "ack"):
        with pytest.raises(Declined):
            by_hand(young, action, NEXT)
    with pytest.raises(Declined, match="no open data fault"):
        by_hand(young, "accept", NEXT, day(NEXT))
    with pytest.raises(NotYet, match="never recorded"):
        by_hand(young, "accept", NEXT, day(NEXT + 9))
    by_hand(young, "freeze", NEXT)
    with pytest.raises(Declined, match="frozen already"):
        by_hand(young, "freeze", NEXT)
    assert [move for move, _ in young.moves()] == ["promote", "freeze"]


def test_a_ledgers_night_is_the_newest_committed_one_and_never_falls(young: World) -> None:
    live_until(young, NEXT, NEXT + 2)
    rollback.fn(NAME, "a person says an old night", "ann")
    by_hand(young, "unfreeze", 500)
    nights = [as_of for _, as_of in young.moves()]
    assert nights == sorted(nights)
    assert nights[-2:] == [day(NEXT + 2)] * 2


def test_refusals_in_a_row_open_the_breaker_and_an_acknowledgement_closes_it(young: World) -> None:
    young.declare(REFUSING + ", policy={'breaker': 3}")
    before = young.champion
    states = live_until(young, NEXT, NEXT + 11)
    attempts = [n for n, state in enumerate(states, NEXT) if state == "Retrain due"]
    assert attempts == [YOUNG + 3, YOUNG + 6, YOUNG + 9]
    told = [
        number
        for number in range(NEXT, NEXT + 12)
        if "breaker" in {alert.kind for alert in young.recorded(number).decision.alerts}
    ]
    assert told == [YOUNG + 10]
    assert "breaker open" in young.recorded(NEXT + 11).decision.sentence
    assert {j.outcome for j in young.judgements()[1:]} == {"refused"}
    by_hand(young, "ack", NEXT + 11)
    night = young.live(NEXT + 12)
    assert (night.decision.retrain, night.trigger.refused_in_a_row) == ("refresh", 0)
    assert young.champion == before


def test_an_attempt_that_passes_closes_the_breaker(young: World) -> None:
    weekly = "policy={'breaker': 2, 'breaker_every': 4}"
    young.declare(f"{REFUSING}, {weekly}")
    live_until(young, NEXT, NEXT + 6)
    assert young.recorded(NEXT + 6).trigger.refused_in_a_row == 2
    young.declare(weekly)
    assert live_until(young, NEXT + 7, NEXT + 9) == ["Nothing due", "Nothing due", "Retrain due"]
    assert young.live(NEXT + 10).trigger.refused_in_a_row == 0


def test_a_retrain_by_hand_is_judged_like_any_other_and_resets_the_interval(young: World) -> None:
    young.live(NEXT)
    ended = retrain.fn(NAME, day(NEXT), actor="ann")
    assert ended == keys.ledger(NAME, 2)
    judgement = young.judgements()[-1]
    assert (judgement.cause.kind, judgement.cause.actor) == ("person", "ann")
    assert live_until(young, NEXT + 1, NEXT + 3) == ["Nothing due", "Nothing due", "Retrain due"]


def test_a_retrain_by_hand_without_new_data_changes_nothing(young: World) -> None:
    before = young.files()
    assert retrain.fn(NAME, day(YOUNG), actor="ann") is None
    assert young.files() == before


def test_a_decision_that_was_carried_out_is_not_carried_out_again(young: World) -> None:
    live_until(young, NEXT, NEXT + 2)
    before = young.files()
    night = keys.night(NAME, day(NEXT + 2), 1)
    assert carry_out(young.project, night) == keys.ledger(NAME, 2)
    assert young.files() == before


def test_a_refused_decision_is_not_tried_again_for_the_same_night(young: World) -> None:
    young.declare(REFUSING)
    live_until(young, NEXT, NEXT + 2)
    before = young.files()
    night = keys.night(NAME, day(NEXT + 2), 1)
    assert carry_out(young.project, night) == keys.judgement(NAME, day(NEXT + 2), 1)
    assert young.files() == before


def test_an_acceptance_lets_a_faulty_night_train(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.tasks.core.evidence import build_fault

    monkeypatch.setattr(
        "tasks.engine.monitor.night_faults",
        lambda _, night, __: (build_fault(),) if len(night) == 50 else (),
    )
    from tests.building.rows import build_orders

    young.label(YOUNG)
    young.deliver(NEXT, build_orders(NEXT, rows=50))
    assert young.night(NEXT).decision.state == "Data fault"
    young.live(NEXT + 1)
    assert young.recorded(NEXT + 1).trigger.faulty == (day(NEXT),)
    entry = by_hand(young, "accept", NEXT + 1, day(NEXT))
    assert entry.night == day(NEXT)
    night = young.live(NEXT + 2)
    assert night.trigger.faulty == ()
    assert night.evidence.plan.usable == NEXT + 2
    assert read_standing(young.store, NAME).accepted == (day(NEXT),)
    young.deliver(NEXT, build_orders(NEXT, rows=50).assign(hour=3))
    again = young.live(NEXT + 3)
    assert young.recorded(NEXT).revision == 2
    assert [alert.kind for alert in young.recorded(NEXT).decision.alerts] == []
    assert (young.recorded(NEXT).trigger.faulty, again.evidence.plan.usable) == ((), NEXT + 3)
