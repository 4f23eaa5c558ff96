"""What becomes of a night's delivery: missing, empty, broken, delivered again."""

from datetime import date, timedelta

import pandas as pd
import pytest

from flows.clock import is_past_deadline, tonight
from schemas.batch import Batch
from tasks.core.checking import REASON
from tasks.engine.frames import load_frame
from tasks.engine.usable import usable_nights
from tasks.store.verify import verify
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.source import ORDERS
from tests.building.world import World

NEXT = YOUNG + 1


def batch_of(world: World, number: int) -> Batch:
    """The batch that the newest record of a night names."""
    key = world.recorded(number).batch
    assert key is not None
    return world.store.record(key, Batch)


def deliver_text(world: World, number: int, text: str) -> None:
    """Deliver a file with this very text."""
    (world.root / "landing" / f"{day(number)}{ORDERS}").write_text(text)


def test_the_first_night_of_all_is_recorded_and_waits(world: World) -> None:
    world.deliver(0)
    night = world.night(0)
    assert (night.decision.state, night.seq, night.follows) == ("No champion yet", 1, None)
    assert (night.predictions, night.evidence.rows) == (None, 40)


@pytest.mark.parametrize("delivered", [None, "", "{header}", "{header}\n"])
def test_no_file_an_empty_one_and_a_mere_header_are_no_data_yet(
    young: World, monkeypatch: pytest.MonkeyPatch, delivered: str | None
) -> None:
    if delivered is not None:
        deliver_text(young, NEXT, delivered.format(header=",".join(build_orders(0).columns)))
    before = young.champion
    monkeypatch.setattr("flows.nightly.is_past_deadline", lambda *_: False)
    waiting = young.night(NEXT)
    monkeypatch.setattr("flows.nightly.is_past_deadline", lambda *_: True)
    missing = young.night(NEXT)
    assert (waiting.decision.state, waiting.decision.alerts) == ("No data yet", ())
    assert (missing.decision.state, missing.revision) == ("No data", 2)
    assert [alert.kind for alert in missing.decision.alerts] == ["missing"]
    assert (missing.decision.action, young.champion) == ("wait", before)
    assert young.night(NEXT) == missing, "the same again has no second effect"
    assert young.live(NEXT + 1).evidence.data == "accepted"


def test_the_deadline_is_an_hour_of_the_projects_own_zone(world: World) -> None:
    world.declare("deadline=12, timezone='Asia/Tokyo'")
    last = tonight(world.project)
    assert is_past_deadline(world.project, last - timedelta(days=1))
    assert not is_past_deadline(world.project, last + timedelta(days=1))


def test_data_that_never_came_alerts_when_the_next_run_is_after_its_deadline(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.nightly.is_past_deadline", lambda *_: False)
    assert young.night(NEXT).decision.state == "No data yet"
    monkeypatch.setattr("flows.nightly.is_past_deadline", lambda _, night: night == day(NEXT))
    young.deliver(NEXT + 1)
    assert young.night(NEXT + 1).evidence.data == "accepted"
    recorded = young.recorded(NEXT)
    assert (recorded.evidence.data, recorded.revision) == ("no_data", 2)
    assert [alert.kind for alert in recorded.decision.alerts] == ["missing"]


def test_data_that_arrives_late_becomes_a_new_revision_of_its_night(young: World) -> None:
    assert young.night(NEXT).evidence.data == "no_data"
    young.live(NEXT + 1)
    young.deliver(NEXT)
    young.live(NEXT + 2)
    late = young.recorded(NEXT)
    assert (late.revision, late.evidence.data, late.evidence.late) == (2, "accepted", True)
    assert (late.decision.state, late.predictions is not None) == ("Late revision", True)
    young.label(NEXT)
    young.live(NEXT + 3)
    assert day(NEXT) in usable(young, NEXT + 3)


def usable(world: World, number: int) -> set[date]:
    """The nights that could train and judge on night `number`."""
    nights = usable_nights(world.store, world.project, day(number), frozenset())
    return {night.as_of for night in nights}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda orders: orders.drop(columns="wait"), "columns missing: wait"),
        (lambda orders: orders.rename(columns={"wait": "waiting"}), "columns missing: wait"),
        (lambda orders: orders.assign(hour="noon"), "hour: not a number"),
        (lambda orders: orders.assign(event_time="soon"), "event_time: not a time"),
        (lambda orders: orders.assign(row_key="one"), "row_key: one key, differing rows"),
    ],
)
def test_a_batch_that_breaks_the_contract_is_refused_as_a_whole(
    young: World, spoil: object, said: str
) -> None:
    before = young.champion
    young.deliver(NEXT, spoil(build_orders(NEXT)))  # type: ignore[operator]  # a lambda of the list above
    night = young.night(NEXT)
    batch = batch_of(young, NEXT)
    assert (night.decision.state, night.decision.action) == ("Batch refused", "wait")
    assert [alert.kind for alert in night.decision.alerts] == ["refused"]
    assert said in batch.sentence
    assert (batch.rows, night.predictions, young.champion) == (None, None, before)


def test_a_refused_batch_lists_every_failure_not_the_first(young: World) -> None:
    orders = build_orders(NEXT).drop(columns=["wait", "shop"]).assign(hour="noon")
    young.deliver(NEXT, orders)
    young.night(NEXT)
    found = {(f.column, f.check) for f in batch_of(young, NEXT).failures}
    assert found >= {("wait", "missing"), ("shop", "missing"), ("hour", "not a number")}


def test_a_file_that_cannot_be_read_is_a_refused_batch(young: World) -> None:
    deliver_text(young, NEXT, 'row_key,amount\n"torn')
    assert young.night(NEXT).decision.state == "Batch refused"
    assert "delivered again" in batch_of(young, NEXT).sentence


def test_what_is_no_file_at_all_is_refused_and_stops_no_later_night(young: World) -> None:
    (young.root / "landing" / f"{day(NEXT)}{ORDERS}").mkdir()
    night = young.night(NEXT)
    assert night.decision.state == "Batch refused"
    assert young.night(NEXT) == night
    young.deliver(NEXT + 1)
    assert young.night(NEXT + 1).evidence.data == "accepted"


def test_a_refused_batch_that_is_delivered_again_sound_is_accepted(young: World) -> None:
    young.deliver(NEXT, build_orders(NEXT).drop(columns="wait"))
    young.night(NEXT)
    young.deliver(NEXT)
    young.live(NEXT + 1)
    assert (young.recorded(NEXT).evidence.data, batch_of(young, NEXT).revision) == ("accepted", 2)


def test_a_refused_batch_is_read_again_under_a_changed_contract(young: World) -> None:
    young.deliver(NEXT, build_orders(NEXT).drop(columns="wait"))
    young.night(NEXT)
    young.declare(
        "contract=OrdersWithoutWait, features=(Numbers(columns=('amount', 'hour', 'income')),)"
    )
    young.deliver(NEXT + 1)
    young.night(NEXT + 1)
    assert young.recorded(NEXT).evidence.data == "accepted"


def test_broken_rows_within_the_limit_are_set_aside_each_with_its_reasons(young: World) -> None:
    orders = build_orders(NEXT, rows=100).astype({"hour": "object"})
    orders.loc[7, "hour"] = 99
    orders.loc[8, "hour"] = "noon"
    young.deliver(NEXT, pd.concat([orders, orders.tail(1)]))
    night = young.night(NEXT)
    batch = batch_of(young, NEXT)
    counts = batch.counts
    assert (counts.read, counts.kept, counts.quarantined, counts.deduplicated) == (101, 98, 2, 1)
    assert night.evidence.rows == 98
    assert batch.quarantine is not None
    reasons = load_frame(young.store, batch.quarantine)[REASON].tolist()
    assert reasons == ["hour: less_than_or_equal_to(23)", "hour: not a number"]


def test_more_broken_rows_than_the_limit_refuse_the_batch(young: World) -> None:
    orders = build_orders(NEXT, rows=100)
    orders.loc[:5, "hour"] = 99
    young.deliver(NEXT, orders)
    assert young.night(NEXT).decision.state == "Batch refused"
    assert "6 of 100 rows broken (6.0%, limit 5.0%)" in batch_of(young, NEXT).sentence


def test_without_one_sound_row_a_batch_is_refused_whatever_the_limit(young: World) -> None:
    young.declare("policy={'quarantine_limit': 1.0}")
    young.deliver(NEXT, build_orders(NEXT).assign(hour=99))
    assert young.night(NEXT).decision.state == "Batch refused"


def test_the_same_delivery_again_has_no_second_effect(young: World) -> None:
    young.live(NEXT)
    before = young.files()
    again = young.night(NEXT)
    young.forget()
    assert (young.night(NEXT), young.files()) == (again, before)


def test_a_rewritten_file_with_equal_rows_has_no_second_effect(young: World) -> None:
    orders = build_orders(NEXT)
    young.deliver(NEXT, orders)
    young.night(NEXT)
    young.deliver(NEXT, orders.assign(note="new column, not in the contract"))
    before = young.files("batches", "nights", "predictions", "ledger")
    young.night(NEXT)
    assert young.files("batches", "nights", "predictions", "ledger") == before


def test_a_changed_delivery_is_a_new_revision_and_both_are_kept(young: World) -> None:
    young.live(NEXT)
    young.live(NEXT + 1)
    old = batch_of(young, NEXT)
    young.deliver(NEXT, build_orders(NEXT, rows=41))
    young.live(NEXT + 2)
    new = batch_of(young, NEXT)
    assert (old.revision, new.revision) == (1, 2)
    assert old.id != new.id
    assert young.recorded(NEXT).decision.state == "Late revision"
    assert len(young.store.revisions("predictions", NAME, day(NEXT))) == 2
    assert verify(young.store, NAME) == []
    assert old.rows is not None
    assert len(load_frame(young.store, old.rows)) == 40


def test_a_file_taken_away_after_it_was_read_changes_nothing(young: World) -> None:
    night = young.live(NEXT)
    young.withdraw(f"{day(NEXT)}{ORDERS}")
    assert young.night(NEXT) == night
