"""After an erasure: the rows do not come back, a refresh is asked for, gc and pages follow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schemas.erasure import Erasure
from schemas.model import Card
from schemas.record import ObjectRef
from tasks.engine.keeping.collect import collect
from tasks.engine.monitor import Watched, watch_night
from tasks.engine.replay.reproduce import reproduce
from tasks.store import keys
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.rows import ROWS, build_labels, build_orders, day
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


def test_gc_and_erasure_get_along(served: World) -> None:
    erase_from(served, OLD)
    collect(served.store, served.project, quiet)
    assert states(served) == {"expired"}
    assert erase_from(served, OLD, NEW).before == (OLD,)
    collect(served.store, served.project, quiet)
    served.live(SERVED + 1)
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
