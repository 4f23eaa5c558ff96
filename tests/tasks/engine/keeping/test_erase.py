"""Erasures: a person's rows leave every revision, whatever their keys look like."""

import pandas as pd
import pytest

from flows.upcoming import upcoming
from schemas.erasure import Erasure
from schemas.errors import Expired
from schemas.upcoming import Upcoming
from tasks.engine.frames import load_frame
from tasks.engine.keeping.erase import plan_erasure
from tasks.store import keys
from tests.building.contract import OrdersInPlainTypes
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.rows import ROWS, build_orders, day
from tests.building.world import World
from tests.tasks.engine.keeping.erasing import (
    NEW,
    OLD,
    erase_from,
    holding,
    newest_of,
    quiet,
    states,
)


def test_the_row_leaves_every_table_and_nothing_else_does(served: World) -> None:
    before = newest_of(served, 3)
    tables = {path.name for path in (served.root / "store" / "data").rglob("*.parquet")}
    held = holding(served, OLD)
    assert len(held) == 2, "rows and labels"
    planned = erase_from(served, OLD)
    assert planned.erasure
    assert (planned.unknown, planned.before) == ((), ())
    assert holding(served, OLD) == []
    left = {path.name for path in (served.root / "store" / "data").rglob("*.parquet")}
    assert tables - left == set(held)
    batch, labels, _ = newest_of(served, 3)
    assert before[1]
    assert labels
    assert batch.counts.model_dump() == {
        **before[0].counts.model_dump(),
        "kept": ROWS - 1,
        "erased": 1,
    }
    assert batch.counts.read == batch.counts.kept + batch.counts.erased
    assert (labels.kept, labels.batch) == (ROWS - 1, batch.id)
    assert batch.id != before[0].id
    assert labels.id != before[1].id
    assert batch.rows
    assert len(load_frame(served.store, batch.rows)) == ROWS - 1
    assert states(served) == {"expired"}


def test_the_record_names_digests_nights_models_and_never_the_key(served: World) -> None:
    planned = erase_from(served, OLD, NEW)
    record = served.store.record(keys.erasure(NAME, 1), Erasure)
    assert planned.erasure
    assert record.to_bytes() == planned.erasure.to_bytes()
    assert (record.nights, record.rows) == ((day(3), day(SERVED)), 2)
    versions = {place.version for place, _ in served.store.places("models", NAME)}
    assert set(record.versions) == versions
    assert len(set(record.keys)) == 2
    assert all(OLD.encode() not in content for content in served.files("erasures").values())


def test_scores_of_the_newest_night_lose_the_row_and_follow_the_batch(served: World) -> None:
    erase_from(served, NEW)
    batch, labels, scored = newest_of(served, SERVED)
    assert labels is None
    assert scored
    assert scored.batch == batch.id
    assert NEW not in set(load_frame(served.store, scored.rows)["row_key"])
    served.live(SERVED + 1)
    night = served.live(SERVED + 2)
    assert day(SERVED) in [point.as_of for point in night.evidence.quality.points] or (
        night.evidence.quality.state != "known"
    )


def test_a_key_that_occurs_nowhere_changes_nothing(served: World) -> None:
    before = served.files()
    planned = erase_from(served, "nobody")
    assert (planned.erasure, planned.unknown) == (None, ("nobody",))
    assert served.files() == before


def test_erasing_an_empty_store_makes_none(world: World) -> None:
    assert erase_from(world, "nobody").unknown == ("nobody",)
    assert not (world.root / "store").exists()


def test_erasing_again_has_no_second_effect(served: World) -> None:
    erase_from(served, OLD)
    before = served.files()
    again = erase_from(served, OLD)
    assert (again.erasure, again.before, again.unknown) == (None, (OLD,), ())
    assert served.files() == before


def test_a_dry_run_changes_nothing(served: World) -> None:
    before = served.files()
    planned = plan_erasure(served.store, served.project, [OLD], "because", "ann", quiet)
    assert planned.erasure
    assert served.files() == before


def test_what_was_erased_is_refused_by_the_name_of_its_record(served: World) -> None:
    rows = newest_of(served, 3)[0].rows
    assert rows
    erase_from(served, OLD)
    served.forget()
    with pytest.raises(Expired, match=keys.erasure(NAME, 1)):
        served.store.fetch(rows)


def test_older_revisions_lose_the_row_too(served: World) -> None:
    orders = build_orders(SERVED, rows=ROWS + 2)
    served.deliver(SERVED, orders[orders["row_key"] != NEW])
    served.live(SERVED + 1)
    assert holding(served, NEW), "the first delivery had it"
    erase_from(served, NEW)
    assert holding(served, NEW) == []
    assert newest_of(served, SERVED)[0].revision == 2, "the newest never had it"
    assert states(served) == {"expired"}


def test_a_row_in_quarantine_is_erased_with_its_example(served: World) -> None:
    orders = build_orders(SERVED + 1)
    orders.loc[4, "hour"] = 99
    served.label(SERVED)
    served.deliver(SERVED + 1, orders)
    served.night(SERVED + 1)
    key = str(orders["row_key"][4])
    planned = erase_from(served, key)
    batch, _, scored = newest_of(served, SERVED + 1)
    assert scored
    counts = batch.counts
    assert (counts.kept, counts.quarantined, counts.erased) == (ROWS - 1, 0, 1)
    assert batch.quarantine is None
    assert all(failure.examples == () for failure in batch.failures)
    assert scored.batch == batch.id
    assert planned.erasure
    assert planned.erasure.versions == (), "no model is trained on a quarantined row"
    assert holding(served, key) == []


def test_a_night_that_loses_all_its_rows_is_empty(served: World) -> None:
    asked = list(build_orders(3)["row_key"])
    erase_from(served, *asked)
    batch, labels, _ = newest_of(served, 3)
    assert (batch.status, batch.rows, batch.counts.erased) == ("empty", None, ROWS)
    assert labels
    assert (labels.kept, labels.target_min) == (0, None)
    night = served.live(SERVED + 1)
    assert night.evidence.plan.usable == SERVED, "of nights 0 to SERVED all but one"


STRANGE = ["-x", "", " a b ", "ключ", "a,b", '"quoted"', "a\tb", "NaN", "007", "1.0", "🙂", "'; --"]


def test_keys_of_strange_characters_are_found_as_they_are(served: World) -> None:
    orders = build_orders(SERVED + 1)
    strange = [key for key in STRANGE if key not in ("", "NaN")]  # a CSV file reads those as null
    orders.loc[range(len(strange)), "row_key"] = strange
    served.label(SERVED)
    served.deliver(SERVED + 1, orders)
    served.night(SERVED + 1)
    planned = erase_from(served, *strange[:-1], "7", "1")
    assert planned.unknown == ("7", "1"), "text is taken as it stands"
    rows = newest_of(served, SERVED + 1)[0].rows
    assert rows
    assert set(load_frame(served.store, rows)["row_key"]) & set(STRANGE) == {strange[-1]}


def test_numbered_rows_are_found_by_their_number(world: World) -> None:
    world.declare("contract=OrdersInPlainTypes")
    assert world.project.contract is OrdersInPlainTypes
    orders = build_orders(0).assign(row_key=range(ROWS), is_first=True)
    world.deliver(0, orders)
    world.night(0)
    assert erase_from(world, "7", "07").unknown == ("07",)
    batch = newest_of(world, 0)[0]
    assert batch.counts.erased == 1
    world.deliver(0, pd.concat([orders, orders.tail(1).assign(row_key=99)]))
    world.night(0)
    assert newest_of(world, 0)[0].counts.erased == 1
    assert batch.counts.read == ROWS


def test_a_quarantined_row_is_found_by_its_key_as_delivered_and_as_it_is_read(
    world: World,
) -> None:
    world.declare("contract=OrdersInPlainTypes")
    orders = build_orders(0).assign(row_key=range(ROWS), is_first=True).astype({"row_key": object})
    orders.loc[[3, 4], "row_key"] = ["007", "unreadable"]
    orders.loc[7, "row_key"] = 70
    world.deliver(0, orders.assign(hour=[99] * 9 + [5] * 31))
    world.night(0)
    assert newest_of(world, 0)[0].counts.quarantined == ROWS
    assert erase_from(world, "7", "unreadable", "8").unknown == ()
    counts = newest_of(world, 0)[0].counts
    assert (counts.quarantined, counts.erased) == (ROWS - 3, 3)
    assert states(world) == {"expired"}


def test_predictions_ahead_lose_the_row_and_are_delivered_without_it(served: World) -> None:
    file = str(served.root / "out-{as_of}.csv")
    served.declare(f"upcoming=Ahead(), deliver=ToFile(file={file!r})")
    orders = served.foresee(SERVED)
    key = keys.upcoming(NAME, day(SERVED), 2)
    assert upcoming.fn(NAME, day(SERVED)) == key
    erase_from(served, orders["row_key"][0])
    after = served.store.record(keys.upcoming(NAME, day(SERVED), 3), Upcoming)
    assert (after.counts.kept, after.counts.erased, after.waits) == (ROWS - 1, 1, True)
    assert holding(served, orders["row_key"][0]) == []
    upcoming.fn(NAME, day(SERVED))
    delivered = pd.read_csv(file.format(as_of=day(SERVED)))
    assert delivered["row_key"].tolist() == orders["row_key"].tolist()[1:]
    assert states(served) == {"expired"}
