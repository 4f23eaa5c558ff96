"""Faults, drift and nights of very unequal size, on a champion with a calibrated reference."""

import numpy as np
import pandas as pd
import pytest

from schemas.model import Card
from schemas.night import Night
from tasks.engine.reference import read_reference
from tasks.engine.replay.reproduce import reproduce
from tasks.engine.usable import usable_nights
from tasks.store import keys
from tests.building.fixtures import GROWN
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

NEXT = GROWN + 1


def live(world: World, number: int, orders: pd.DataFrame | None = None) -> Night:
    """A night whose orders are not usual ones."""
    world.label(number - 1)
    world.deliver(number, orders)
    return world.night(number)


def assert_reproduced(world: World) -> None:
    """Every decision follows from what is recorded beside it."""
    assert reproduce(world.store, world.project).differences == ()


def with_nulls(number: int) -> pd.DataFrame:
    orders = build_orders(number)
    orders.loc[::2, "amount"] = np.nan
    return orders


@pytest.mark.parametrize("kind", ["nulls", "outside", "unseen"])
def test_a_fault_is_scored_named_told_and_starts_no_retrain(grown: World, kind: str) -> None:
    spoiled = {
        "nulls": with_nulls(NEXT),
        "outside": build_orders(NEXT).assign(amount=lambda orders: orders["amount"] * 1000),
        "unseen": build_orders(NEXT).assign(shop="abroad"),
    }
    live(grown, NEXT, spoiled[kind])
    night = grown.recorded(NEXT)
    assert night.predictions is not None
    assert {fault.kind for fault in night.evidence.faults} == {kind}
    assert (night.decision.state, night.decision.action) == ("Data fault", "wait")
    assert [alert.kind for alert in night.decision.alerts] == ["fault"]
    assert night.decision.alerts[0].sentence.startswith("Fix the data.")


def test_a_faulty_night_stays_out_of_training_gates_and_reference_until_it_is_reissued(
    grown: World,
) -> None:
    live(grown, NEXT, with_nulls(NEXT))
    for number in range(NEXT + 1, NEXT + 3):
        grown.live(number)
    retrained = grown.judgements()[-1]
    assert retrained.contest is not None
    assert day(NEXT) not in {night.as_of for night in retrained.contest.nights}
    card = grown.store.record(keys.card(NAME, grown.champion or ""), Card)
    assert card.members[0].nights == NEXT + 2 - 1
    grown.deliver(NEXT)
    grown.live(NEXT + 3)
    assert grown.recorded(NEXT).revision == 2
    assert grown.recorded(NEXT + 3).trigger.faulty == ()
    usable = usable_nights(grown.store, grown.project, day(NEXT + 3), frozenset())
    assert day(NEXT) in {night.as_of for night in usable}
    assert grown.recorded(NEXT + 3).evidence.plan.usable == NEXT + 3
    assert_reproduced(grown)


def test_a_reissue_that_is_as_faulty_keeps_the_night_out(grown: World) -> None:
    live(grown, NEXT, with_nulls(NEXT))
    live(grown, NEXT + 1)
    grown.deliver(NEXT, with_nulls(NEXT).assign(hour=3))
    grown.live(NEXT + 2)
    assert grown.recorded(NEXT).revision == 2
    assert grown.recorded(NEXT + 2).trigger.faulty == (day(NEXT),)


def test_a_lasting_step_is_one_alert_and_one_early_retrain_not_eleven(grown: World) -> None:
    before = grown.champion
    for number in range(NEXT, NEXT + 12):
        live(grown, number, build_orders(number, shift=2.0))
    nights = [grown.recorded(number) for number in range(NEXT, NEXT + 12)]
    alerts = [alert.kind for night in nights for alert in night.decision.alerts]
    causes = [judgement.cause for judgement in grown.judgements()[1:]]
    drifting = [
        n
        for n in nights
        if any(c.column == "amount" and c.drifted for c in n.evidence.drift.columns)
    ]
    assert len(drifting) >= 10
    assert [cause.kind for cause in causes].count("drift") == 1
    assert (causes[0].kind, causes[0].subject, causes[0].night) == (
        "drift",
        "amount",
        keys.night(NAME, day(NEXT + 1), 1),
    )
    assert alerts.count("drift") == 1
    assert grown.champion != before
    assert_reproduced(grown)


def test_a_quiet_world_alarms_nobody(grown: World) -> None:
    nights = [grown.live(number) for number in range(NEXT, NEXT + 6)]
    assert [alert for night in nights for alert in night.decision.alerts] == []
    assert {night.evidence.drift.state for night in nights} == {"calibrated"}
    assert {judgement.cause.kind for judgement in grown.judgements()[1:]} == {"schedule"}


def test_the_report_watches_sensitive_columns_without_showing_them(grown: World) -> None:
    night = grown.live(NEXT)
    card = grown.store.record(keys.card(NAME, night.evidence.champion or ""), Card)
    _, sample = read_reference(grown.store, card)
    assert "income" not in sample.columns
    assert {column.column for column in night.evidence.drift.columns} == {
        "amount",
        "hour",
        "wait",
        "income",
        "shop",
    }


def test_nights_of_1_10_and_1000_rows_pool_the_thin_ones_and_train_on_all(grown: World) -> None:
    rows = [1, 10, 1000, 3, 10, 10, 40, 1000]
    for number, count in enumerate(rows, NEXT):
        live(grown, number, build_orders(number, rows=count))
    nights = [grown.recorded(number) for number in range(NEXT, NEXT + len(rows))]
    drift = [(night.evidence.drift.state, len(night.evidence.drift.pooled)) for night in nights]
    assert drift == [
        ("pooled", 0),
        ("pooled", 0),
        ("calibrated", 2),
        ("pooled", 0),
        ("pooled", 0),
        ("calibrated", 2),
        ("calibrated", 0),
        ("calibrated", 0),
    ]
    assert all(night.predictions for night in nights)
    told = [(n.evidence.rows, alert.subject) for n in nights for alert in n.decision.alerts]
    assert told == [(1, "row count"), (1000, "row count")], "never so few, never so many"
    served = grown.store.record(keys.card(NAME, grown.champion or ""), Card).members[0]
    assert served.nights == NEXT + 2, "a night of one row trains like any other"
    assert_reproduced(grown)


def test_realised_quality_alarms_when_labels_no_longer_follow_the_features(grown: World) -> None:
    grown.declare("gates=(RefuseRefreshes(), BeatsPrior())")
    for number in range(NEXT, NEXT + 7):
        orders = build_orders(number)
        grown.label(number - 1)
        labels = pd.read_csv(grown.root / "landing" / f"{day(number - 1)}.labels.csv")
        grown.label(number - 1, labels.assign(returned=1 - labels["returned"]))
        grown.deliver(number, orders)
        grown.night(number)
    nights = [grown.recorded(number) for number in range(NEXT, NEXT + 7)]
    told = [
        n for n, night in enumerate(nights) if "quality" in {a.kind for a in night.decision.alerts}
    ]
    assert len(told) == 1
    assert "quality" in {judgement.cause.kind for judgement in grown.judgements()}
    assert_reproduced(grown)
