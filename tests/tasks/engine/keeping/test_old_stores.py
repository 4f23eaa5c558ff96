"""Stores that earlier versions wrote can be collected and erased from like any other."""

import shutil
from pathlib import Path

import pytest

from schemas.batch import Batch
from tasks.engine.frames import load_frame
from tasks.engine.keeping.collect import collect
from tests.building.project import NAME
from tests.building.world import World
from tests.tasks.engine.keeping.ageing import age_all
from tests.tasks.engine.keeping.erasing import erase_from, holding, quiet, states

FORMAT1 = Path(__file__).parents[3] / "stores" / "format1" / "store"


@pytest.fixture
def kept(world: World) -> World:
    """A copy of the first format's store, a month old."""
    shutil.copytree(FORMAT1, world.root / "store", dirs_exist_ok=True)
    age_all(world)
    return world


def test_a_collection_takes_no_object_that_a_record_names(kept: World) -> None:
    done = collect(kept.store, kept.project, quiet)
    assert {one.why for one in done.deleted} <= {"unnamed"}
    assert states(kept) == set()


def test_a_row_leaves_it(kept: World) -> None:
    _, first = kept.store.places("batches", NAME)[0]
    rows = kept.store.record(first, Batch).rows
    assert rows
    key = str(load_frame(kept.store, rows)["row_key"][0])
    planned = erase_from(kept, key)
    assert planned.erasure
    assert planned.erasure.rows == 1
    assert holding(kept, key) == []
    assert states(kept) == {"expired"}
