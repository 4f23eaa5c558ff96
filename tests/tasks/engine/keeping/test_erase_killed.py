"""An erasure that is killed, or meets damage, is carried on or changes nothing."""

import pytest

from schemas.errors import Damaged
from tasks.engine.keeping.erase import finish_erasure
from tasks.store.verify import verify
from tests.building.brittle import Brittle, Killed
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.world import World
from tests.tasks.engine.keeping.erasing import (
    NEW,
    OLD,
    erase_from,
    holding,
    states,
)


def test_a_table_that_cannot_be_read_stops_it_before_anything_is_changed(served: World) -> None:
    path = next((served.root / "store" / "data").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-9])
    before = served.files()
    with pytest.raises(Damaged, match=path.name):
        erase_from(served, OLD)
    assert served.files() == before


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
