"""Erasures: a person's rows leave every revision, and do not come back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from schemas.batch import Batch
from schemas.erasure import Erasure
from schemas.errors import Damaged, Expired
from schemas.labels import Labels
from schemas.model import Card
from schemas.predictions import Predictions
from schemas.record import ObjectRef
from tasks.engine.frames import load_frame
from tasks.engine.keeping.collect import collect
from tasks.engine.keeping.erase import Planned, erase, finish_erasure, plan_erasure
from tasks.engine.monitor import Watched, watch_night
from tasks.engine.records import newest
from tasks.engine.replay.reproduce import reproduce
from tasks.store import keys
from tasks.store.verify import verify
from tests.building.brittle import Brittle, Killed
from tests.building.contract import OrdersInPlainTypes
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.rows import ROWS, build_labels, build_orders, day
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


def test_a_redelivery_does_not_bring_the_row_back(served: World) -> None:
    erase_from(served, NEW)
    served.deliver(SERVED, build_orders(SERVED, rows=ROWS + 2))
    served.live(SERVED + 1)
    batch, _, _ = newest_of(served, SERVED)
    assert (batch.counts.read, batch.counts.kept, batch.counts.erased) == (ROWS + 2, ROWS + 1, 1)
    assert batch.sentence == f"{ROWS + 1} of {ROWS + 2} rows kept, 1 erased."
    served.live(SERVED + 2)
    labels = newest_of(served, SERVED)[1]
    assert labels
    assert labels.kept == ROWS + 1
    assert holding(served, NEW) == []


def test_the_same_delivery_read_again_is_the_same_batch(served: World) -> None:
    erase_from(served, NEW)
    batch = newest_of(served, SERVED)[0]
    path = served.root / "landing" / f"{day(SERVED)}.orders.csv"
    path.write_text(path.read_text() + "\n")  # another file, the same rows
    served.live(SERVED + 1)
    assert newest_of(served, SERVED)[0] == batch


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


def test_a_refresh_is_asked_for_once_and_the_next_champion_is_free_of_it(served: World) -> None:
    old = served.champion
    erase_from(served, OLD)
    night = served.live(SERVED + 1)
    assert night.evidence.erasures == (keys.erasure(NAME, 1),)
    assert (night.decision.action, night.decision.retrain) == ("retrain", "refresh")
    assert night.decision.cause
    assert (night.decision.cause.kind, night.decision.cause.subject) == (
        "erasure",
        keys.erasure(NAME, 1),
    )
    assert "rows that were erased since" in night.decision.sentence
    assert night.decision.alerts == ()
    assert served.champion != old, [one.sentence for one in served.judgements(SERVED + 1)]
    later = served.live(SERVED + 2)
    assert (later.evidence.erasures, later.trigger.causes) == ((), ())
    assert later.decision.action == "wait"
    assert reproduce(served.store, served.project).differences == ()
    card = served.store.record(keys.card(NAME, str(served.champion)), Card)
    assert card.version not in served.store.record(keys.erasure(NAME, 1), Erasure).versions


def test_a_table_that_cannot_be_read_stops_it_before_anything_is_changed(served: World) -> None:
    path = next((served.root / "store" / "data").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-9])
    before = served.files()
    with pytest.raises(Damaged, match=path.name):
        erase_from(served, OLD)
    assert served.files() == before


def test_gc_and_erasure_get_along(served: World) -> None:
    erase_from(served, OLD)
    collect(served.store, served.project, quiet)
    assert states(served) == {"expired"}
    assert erase_from(served, OLD, NEW).before == (OLD,)
    collect(served.store, served.project, quiet)
    served.live(SERVED + 1)
    assert states(served) == {"expired"}


@pytest.mark.parametrize(
    ("asked", "after"),
    [
        ((OLD,), True),
        ((NEW,), False),
        pytest.param((OLD, NEW), False, marks=pytest.mark.slow),
        pytest.param((OLD, NEW), True, marks=pytest.mark.slow),
    ],
)
def test_a_run_killed_at_any_write_is_carried_on_by_the_next(
    served: World, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], *, after: bool
) -> None:
    start = served.files()
    monkeypatch.setattr("secrets.token_hex", lambda _=None: "5a17")
    erase_from(served, *asked)
    undisturbed = served.files()
    at = 1
    while is_killed(served, start, asked, Brittle(served.store.backend, at=at, after=after)):
        assert {one.state for one in verify(served.store, NAME)} <= {"unexpected", "expired"}
        finish_erasure(served.store, served.project)
        erase_from(served, *asked)
        assert served.files() == undisturbed, at
        at += 1
    assert at > 6 * len(asked)


def is_killed(
    world: World, start: dict[str, bytes], asked: tuple[str, ...], brittle: Brittle
) -> bool:
    """Whether an erasure on the store as it was died, in the hands of a process of its own."""
    restore(world, start)
    whole, world.store.backend = world.store.backend, brittle
    try:
        erase_from(world, *asked)
    except Killed:
        return True
    finally:
        world.store.backend = whole
    return False


def restore(world: World, files: dict[str, bytes]) -> None:
    """The store as it was, in the hands of a process that knows nothing."""
    world.forget()
    for key in set(world.files()) - set(files):
        (world.root / "store" / key).unlink()
    for key in set(files) - set(world.files()):
        (world.root / "store" / key).write_bytes(files[key])


def test_a_night_carries_on_what_was_killed_before_it_trains(served: World) -> None:
    whole = served.store.backend
    served.store.backend = Brittle(whole, prefix="erasures/", after=True)
    with pytest.raises(Killed):
        erase_from(served, OLD)
    served.store.backend = whole
    assert holding(served, OLD)
    night = served.live(SERVED + 1)
    assert holding(served, OLD) == []
    assert night.decision.cause
    assert night.decision.cause.kind == "erasure"
    assert states(served) == {"expired"}


def test_pages_of_its_nights_go_too(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    page = served.store.add_bytes(NAME, b"a page", "html.gz")
    other = served.store.add_bytes(NAME, b"another", "html.gz")
    monkeypatch.setattr(
        "tasks.engine.commit.watch_night",
        _with_report({day(SERVED + 1): page, day(SERVED + 2): other}),
    )
    served.live(SERVED + 1)
    served.live(SERVED + 2)
    erase_from(served, str(build_orders(SERVED + 1)["row_key"][0]))
    assert not served.store.exists(page.key)
    assert served.store.exists(other.key)


def _with_report(pages: dict[date, ObjectRef]) -> Callable[..., Watched]:
    def watch(*arguments: Any, **options: Any) -> Watched:
        watched = watch_night(*arguments, **options)
        return replace(watched, report=pages[watched.evidence.as_of])

    return watch


def test_labels_of_an_erased_row_are_left_out(served: World) -> None:
    erase_from(served, NEW)
    served.label(SERVED, build_labels(SERVED, build_orders(SERVED)))
    served.live(SERVED + 1)
    labels = newest_of(served, SERVED)[1]
    assert labels
    assert labels.kept == ROWS - 1
