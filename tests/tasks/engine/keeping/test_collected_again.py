"""Nights and objects that come again after a collection took them."""

from schemas.batch import Batch
from schemas.labels import Labels
from schemas.model import Card
from tasks.engine.keeping.collect import collect
from tasks.engine.outcomes import realised_quality
from tasks.store import keys
from tests.building.project import NAME
from tests.building.rows import ROWS, build_orders, day
from tests.building.world import World
from tests.tasks.engine.keeping.ageing import NEWEST, age
from tests.tasks.engine.keeping.erasing import quiet, states


def test_an_expired_night_can_be_delivered_again(lived: World) -> None:
    collect(lived.store, lived.project, quiet)
    lived.deliver(9, build_orders(9, rows=ROWS + 1))
    night = lived.night(9)
    assert (night.evidence.late, night.evidence.rows, night.revision) == (True, ROWS + 1, 2)
    assert states(lived) == {"expired"}
    lived.live(NEWEST + 1)


def test_what_is_stored_again_after_it_was_collected_is_an_object_like_any_other(
    lived: World,
) -> None:
    rows = lived.store.record(keys.batch(NAME, day(0), 1), Batch).rows
    assert rows
    content = lived.store.read_bytes(rows)
    collect(lived.store, lived.project, quiet)
    lived.store.add_bytes(NAME, content, "parquet")
    assert lived.store.read_bytes(rows) == content
    age(lived, rows.key)
    assert [one.key for one in collect(lived.store, lived.project, quiet).deleted] == [rows.key]
    assert states(lived) == {"expired"}
    assert set(lived.files("collections")) == {keys.collection(NAME, 1)}, "it accounts for it still"


def test_quality_of_a_late_night_is_read_off_nights_that_are_kept(lived: World) -> None:
    card = lived.store.record(keys.card(NAME, str(lived.champion)), Card)
    short = lived.project.policy.model_copy(update={"retention_nights": 3})
    project = lived.project.model_copy(update={"policy": short})
    for _, key in lived.store.places("labels", NAME, day(NEWEST - 3)):
        lived.store.delete(lived.store.record(key, Labels).rows.key)
    lived.forget()
    for as_of in (NEWEST - 2, NEWEST + 1):
        assert realised_quality(lived.store, project, day(as_of), card).latest_labels
