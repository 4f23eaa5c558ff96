"""A project whose contract and labels are in Python's own types, from its files to its scores."""

from schemas.batch import Batch
from schemas.labels import Labels
from schemas.predictions import Predictions
from tasks.engine.frames import load_frame
from tasks.engine.records import newest
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World

NIGHTS = 20
PLAIN = "contract=OrdersInPlainTypes, features=(Numbers(columns=('amount', 'hour', 'is_first')),)"


def deliver(world: World, number: int) -> None:
    """A night of numbered orders, and their labels as words."""
    orders = build_orders(number)
    numbered = orders.assign(
        row_key=range(number * 1_000, number * 1_000 + len(orders)),
        hour=orders["hour"].astype(int),
        is_first=[order % 3 == 0 for order in range(len(orders))],
    )
    world.deliver(number, numbered)
    labels = build_labels(number, numbered)
    world.label(number, labels.assign(returned=labels["returned"].astype(bool)))


def test_numbered_orders_and_flags_train_score_and_meet_their_labels(world: World) -> None:
    world.declare(PLAIN)
    for number in range(NIGHTS + 2):
        deliver(world, number)
    world.history(0, NIGHTS - 1)
    world.night(NIGHTS)
    night = world.night(NIGHTS + 1)
    assert world.champion is not None
    assert (night.evidence.data, night.evidence.quality.coverage) == ("accepted", 1.0)
    batch = world.store.record(str(night.batch), Batch)
    predictions = world.store.record(str(night.predictions), Predictions)
    assert batch.rows is not None
    rows, scored = (load_frame(world.store, ref) for ref in (batch.rows, predictions.rows))
    assert rows["row_key"].tolist() == scored["row_key"].tolist()
    assert rows["row_key"].iloc[0] == (NIGHTS + 1) * 1_000
    assert set(rows["is_first"]) == {0.0, 1.0}


def test_labels_meet_rows_that_were_taken_in_under_another_type_of_key(world: World) -> None:
    deliver(world, 0)
    assert world.night(0).evidence.data == "accepted"
    world.declare(PLAIN)
    deliver(world, 1)
    world.night(1)
    labels = newest(world.store, Labels, NAME, day(0))
    assert labels is not None
    assert (labels[1].kept, labels[1].invalid) == (40, 0)
