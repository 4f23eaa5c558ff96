"""Nights run again, late, or many at once: the same ids and no second effect."""

from datetime import date

import pytest

from deployments.status import project_status
from schemas.night import Night
from tasks.engine.replay.reproduce import reproduce
from tasks.engine.standing import nights_in_order, nights_to_run
from tasks.store.verify import verify
from tests.building.fixtures import YOUNG, cut_short, settle
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

NEXT = YOUNG + 1


def test_ten_nights_caught_up_at_once_are_the_ten_nights_one_by_one(
    young: World, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = young.copy_to(tmp_path_factory.mktemp("late"))
    for number in range(NEXT, NEXT + 10):
        young.live(number)
    assert young.moves().count(("promote", day(NEXT + 2))) == 1
    one_by_one = young.files()
    settle(late.root, monkeypatch)
    late.label(YOUNG)
    late.deliver_all(range(NEXT, NEXT + 10))
    for number in range(NEXT, NEXT + 10):
        late.night(number)
    assert late.files() == one_by_one


@pytest.mark.parametrize(
    ("newest", "expected"),
    [(None, [20]), (day(18), [19, 20]), (day(20), [20]), (day(2), range(6, 21)), (day(25), [20])],
)
def test_a_scheduled_run_makes_up_for_at_most_fourteen_missed_nights(
    newest: date | None, expected: list[int]
) -> None:
    assert nights_to_run(newest, day(20), 14) == tuple(day(number) for number in expected)


def test_running_old_nights_again_decides_nothing_and_writes_nothing(young: World) -> None:
    for number in range(NEXT, NEXT + 5):
        young.live(number)
    before = young.files()
    for number in (YOUNG, NEXT, NEXT + 2, NEXT + 4, 5):
        young.forget()
        young.night(number)
    assert young.files() == before


def test_a_late_revision_moves_no_champion_and_counts_for_no_attempt(young: World) -> None:
    for number in range(NEXT, NEXT + 5):
        young.live(number)
    moves, attempts = young.moves(), len(young.judgements())
    trigger = young.recorded(NEXT + 4).trigger
    young.deliver(NEXT + 2, build_orders(NEXT + 2, rows=41))
    late = young.night(NEXT + 2)
    assert (late.decision.state, late.evidence.late, late.revision) == ("Late revision", True, 2)
    assert (young.moves(), len(young.judgements())) == (moves, attempts)
    kept = {"last_attempt", "attempts", "refused_in_a_row", "causes"}
    assert late.trigger.model_dump(include=kept) == trigger.model_dump(include=kept)
    assert late.evidence.champion == young.recorded(NEXT + 1).evidence.champion
    young.live(NEXT + 5)
    records = nights_in_order(young.store, NAME)
    assert [record.seq for _, record in records] == list(range(1, len(records) + 1))
    assert reproduce(young.store, young.project).differences == ()


def test_history_is_one_run_that_decides_alerts_and_promotes_nothing(world: World) -> None:
    world.deliver_all(range(20))
    world.deliver(9, build_orders(9).drop(columns="wait"))
    written = world.history(0, 19)
    records = [world.store.record(key, Night) for key in written]
    assert len(records) == 20
    assert {record.decision.state for record in records} == {"History"}
    assert [alert for record in records for alert in record.decision.alerts] == []
    assert (world.champion, world.judgements(), world.moves()) == (None, [], [])
    assert world.history(0, 19) == (), "taken up again it finds nothing left to do"
    world.deliver(20)
    assert world.night(20).decision.retrain == "first"
    assert verify(world.store, NAME) == []


def test_history_beside_a_champion_is_scored_and_decides_nothing(young: World) -> None:
    moves = young.moves()
    young.label(YOUNG)
    young.deliver_all(range(NEXT, NEXT + 5))
    records = [young.store.record(key, Night) for key in young.history(NEXT, NEXT + 4)]
    assert all(record.predictions for record in records)
    assert (young.moves(), len(young.judgements())) == (moves, 1)
    assert young.live(NEXT + 5).decision.retrain == "refresh"


def test_a_history_that_was_cut_short_is_taken_up(
    world: World, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deliver_all(range(12))
    other = world.copy_to(tmp_path_factory.mktemp("other"))
    world.history(0, 11)
    whole = world.files()
    cut_short(monkeypatch)
    settle(other.root, monkeypatch)
    other.history(0, 6)
    other.history(0, 11)
    assert sorted(other.files()) == sorted(whole)
    assert other.files("batches", "labels") == {
        key: data for key, data in whole.items() if key.startswith(("batches", "labels"))
    }


def test_two_old_nights_run_again_are_late_revisions_and_the_newest_stays_so(young: World) -> None:
    for number in range(YOUNG + 1, YOUNG + 5):
        young.live(number)
    for number in (YOUNG, YOUNG + 2):
        young.deliver(number, build_orders(number).head(38))
        assert young.night(number).decision.state == "Late revision"
    assert [one.newest for one in project_status(NAME)] == [day(YOUNG + 4)]
