"""Erasures as tests make them, and what they leave."""

import pyarrow.parquet as pq

from schemas.batch import Batch
from schemas.labels import Labels
from schemas.predictions import Predictions
from tasks.engine.keeping.erase import Planned, erase
from tasks.engine.records import newest
from tasks.store.verify import verify
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

OLD, NEW = f"{day(3)}-0007", f"{day(SERVED)}-0005"
"""A row of history, labelled and trained on; one of the newest night, scored and unlabelled."""


def quiet(_: str) -> None:
    """Nobody watches."""


def erase_from(world: World, *asked: str) -> Planned:
    return erase(world.store, world.project, asked, "she asked for it", "ann", quiet)


def states(world: World) -> set[str]:
    """What verify finds, by state."""
    world.forget()
    return {found.state for found in verify(world.store, NAME)}


def holding(world: World, key: str) -> list[str]:
    """Stored tables that hold the row, read without the product."""
    found = []
    for path in (world.root / "store" / "data").rglob("*.parquet"):
        table = pq.read_table(path)
        if "row_key" in table.column_names and key in table["row_key"].to_pylist():
            found.append(path.name)
    return found


def newest_of(world: World, number: int) -> tuple[Batch, Labels | None, Predictions | None]:
    found = [newest(world.store, cls, NAME, day(number)) for cls in (Batch, Labels, Predictions)]
    batch, labels, scored = (one[1] if one else None for one in found)
    assert isinstance(batch, Batch)
    return batch, labels, scored  # type: ignore[return-value]  # of the classes asked for
