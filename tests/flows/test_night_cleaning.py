"""Declared cleaning in a night, and a feed that changes half way."""

import pandas as pd

from schemas.batch import Batch
from tasks.engine.records import newest
from tasks.engine.standing import night_of
from tasks.engine.usable import training_frame, usable_nights
from tasks.telling.nights import tell_night
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World

NEXT = YOUNG + 1
SENTINELS = "cleaning=(NullSentinels(columns=('amount', 'wait'), values=(-999,)),)"
PATIENCE = (
    "contract=OrdersWithPatience, cleaning=(Rename(columns={'wait': 'patience'}), "
    "ConvertUnit(column='patience', factor=60, before=day(21))), features=(Numbers(columns="
    "('amount', 'hour', 'patience', 'income')), Categories(columns=('shop',)))"
)


def batch_of(world: World, number: int) -> Batch:
    """The newest batch of a night."""
    found = newest(world.store, Batch, NAME, day(number))
    assert found is not None
    return found[1]


def test_what_was_cleaned_is_recorded_told_and_kept_out_of_quarantine(young: World) -> None:
    young.declare(SENTINELS)
    orders = build_orders(NEXT)
    orders.loc[:2, "wait"] = -999
    young.deliver(NEXT, orders)
    young.night(NEXT)
    batch = batch_of(young, NEXT)
    assert (batch.status, batch.counts.kept, batch.counts.quarantined) == ("accepted", 40, 0)
    [cleaned] = batch.cleaning
    assert (cleaned.before, cleaned.after, cleaned.changed) == (40, 40, 3)
    found = night_of(young.store, NAME, day(NEXT))
    assert found is not None
    assert [line.text for line in tell_night(young.store, found[0]) if line.step == "clean"] == [
        "NullSentinels(columns=amount, wait, values=-999.0): 3 changed of 40 rows, such as "
        "wait -999.0 → null; wait -999.0 → null; wait -999.0 → null"
    ]


def test_another_step_takes_the_same_files_in_as_a_new_revision(young: World) -> None:
    young.declare(SENTINELS)
    young.night(YOUNG)
    assert batch_of(young, YOUNG).revision == 2
    young.night(YOUNG)
    assert batch_of(young, YOUNG).revision == 2


def test_a_training_set_spans_a_renamed_column_and_another_unit(young: World) -> None:
    young.label(YOUNG)
    young.declare(PATIENCE)
    for number in (NEXT, NEXT + 1):
        orders = build_orders(number).rename(columns={"wait": "patience"})
        young.deliver(number, orders.assign(patience=60 * orders["patience"]))
        young.label(number, build_labels(number, build_orders(number)))
    young.night(NEXT)
    night = young.night(NEXT + 1)
    assert "needs columns ['wait']" in (night.evidence.unscorable or "")
    nights = usable_nights(young.store, young.project, day(NEXT + 1), frozenset())
    assert {night.as_of for night in nights} == {day(number) for number in range(NEXT + 1)}
    frame = training_frame(young.store, young.project, nights)
    expected = pd.concat([build_orders(number)["wait"] for number in range(NEXT + 1)])
    pd.testing.assert_series_equal(
        frame["patience"], 60 * expected.reset_index(drop=True), check_names=False
    )
    assert night.decision.state == "Champion cannot score"


def test_an_old_night_without_a_new_column_has_its_declared_default(young: World) -> None:
    young.declare(
        "contract=OrdersWithVisits, cleaning=(FillDefault(column='visits', value=0),),"
        "features=(Numbers(columns=(*NUMBERS, 'visits')), Categories(columns=('shop',)))"
    )
    nights = usable_nights(young.store, young.project, day(NEXT), frozenset())
    assert len(nights) == YOUNG
    frame = training_frame(young.store, young.project, nights)
    assert set(frame["visits"]) == {0.0}


def test_a_unit_that_was_declared_wrongly_is_not_converted_twice(young: World) -> None:
    young.declare("cleaning=(ConvertUnit(column='wait', factor=60),)")
    young.live(NEXT)
    young.live(NEXT + 1)
    nights = usable_nights(young.store, young.project, day(NEXT + 1), frozenset())
    assert day(NEXT) in {night.as_of for night in nights}
    young.declare("cleaning=(ConvertUnit(column='wait', factor=3600),)")
    nights = usable_nights(young.store, young.project, day(NEXT + 1), frozenset())
    assert day(NEXT) not in {night.as_of for night in nights}
    young.night(NEXT)
    nights = usable_nights(young.store, young.project, day(NEXT + 1), frozenset())
    [night] = [night for night in nights if night.as_of == day(NEXT)]
    expected = 3600 * build_orders(NEXT)["wait"]
    frame = training_frame(young.store, young.project, [night])
    pd.testing.assert_series_equal(frame["wait"], expected)
