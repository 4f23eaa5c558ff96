"""Nights with broken rows whose contract changes afterwards."""

from typing import Any

import pandas as pd

from flows.readmit import readmit as readmit_flow
from schemas.batch import Batch
from tasks.engine.frames import load_frame
from tasks.engine.readmit import Readmitted
from tasks.engine.records import newest
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

NEXT = YOUNG + 1
WIDENED = "contract=OrdersAtAnyHour, policy={'quarantine_limit': 0.2}"


def late_hours(number: int, *rows: int) -> pd.DataFrame:
    """Usual orders, some of them at 30 o'clock and one at a time that is no number."""
    orders = build_orders(number).astype({"hour": object}).assign(note="by hand")
    orders.loc[list(rows), "hour"] = 30
    orders.loc[39, "hour"] = "dusk"
    return orders


def set_aside(world: World, number: int = NEXT, rows: tuple[int, ...] = (3, 4)) -> Batch:
    """A night with broken rows, within the limit, whose files are gone afterwards."""
    world.declare("policy={'quarantine_limit': 0.2}")
    world.label(number - 1)
    world.deliver(number, late_hours(number, *rows))
    world.label(number)
    world.night(number)
    return batch_of(world, number)


def batch_of(world: World, number: int = NEXT) -> Batch:
    """The newest revision of a night's batch."""
    found = newest(world.store, Batch, NAME, day(number))
    assert found is not None
    return found[1]


def readmit(world: World, number: int = NEXT) -> Readmitted:
    """Run the flow as a new process would."""
    world.forget()
    return readmit_flow.fn(NAME, day(number))


def lines(world: World, batch: Batch) -> tuple[list[Any], list[Any]]:
    """Keys of the kept rows and of those in quarantine."""
    kept = load_frame(world.store, batch.rows)["row_key"].tolist() if batch.rows else []
    aside = (
        load_frame(world.store, batch.quarantine)["row_key"].tolist() if batch.quarantine else []
    )
    return kept, aside


def is_conserved(batch: Batch) -> bool:
    """Read = kept + quarantined + deduplicated + erased."""
    counts = batch.counts
    return counts.read == (counts.kept + counts.quarantined + counts.deduplicated + counts.erased)
