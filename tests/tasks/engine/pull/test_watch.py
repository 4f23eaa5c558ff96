"""A folder that follows who serves, whatever happens to the store meanwhile."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from schemas.errors import InvalidName, ModelUnusable
from schemas.model import Card
from tasks.engine.pull import watch as watching
from tasks.engine.pull.pull import Pulled
from tasks.store import Store, keys, open_store
from tasks.store.ledger import append, read_standing
from tests.building.project import NAME
from tests.building.serving import champions, promote, whole_version
from tests.building.world import World

Scene = Callable[[], object]

pytestmark = pytest.mark.usefixtures("untried")


class Over(Exception):
    """The last scene was played."""


def follow(store: Store, folder: Path, *scenes: Scene) -> list[str]:
    """What is told, when these things happen between the looks."""
    told: list[str] = []
    coming = iter((*scenes, None))

    def pause() -> None:
        scene = next(coming)
        if scene is None:
            raise Over
        scene()

    def moved(pulled: Pulled) -> None:
        told.append(pulled.version)

    def trouble(what: str | None) -> None:
        told.append(f"trouble: {what}" if what else "again")

    with pytest.raises(Over):
        watching.watch(store, NAME, folder, pause=pause, moved=moved, trouble=trouble)
    return told


def nothing() -> None:
    """A quiet while."""


def test_it_follows_promotions_and_roll_backs(served: World, store: Store, folder: Path) -> None:
    old, new = champions(store)

    def roll_back() -> None:
        append(
            served.store,
            NAME,
            read_standing(served.store, NAME),
            "rollback",
            as_of=date(2024, 3, 1),
            reason="test",
            actor="ann",
            version=old,
        )

    scenes = (nothing, roll_back, nothing, lambda: promote(served.store, new), nothing)
    assert follow(store, folder, *scenes) == [new, old, new]
    assert whole_version(store, folder) == new


def test_a_store_that_is_away_is_said_once_and_outlived(
    served: World, store: Store, folder: Path
) -> None:
    old, new = champions(store)
    here, away = served.root / "store", served.root / "away"

    def leave() -> None:
        here.rename(away)
        here.write_text("no folder any more")
        store._records.clear()

    def come_back() -> None:
        here.unlink()
        away.rename(here)

    told = follow(
        store, folder, leave, nothing, nothing, come_back, lambda: promote(served.store, old)
    )
    assert [line[:8] for line in told] == [new[:8], "trouble:", "again", old[:8]]


def test_a_damaged_new_champion_is_said_once_and_followed_when_it_is_whole_again(
    served: World, store: Store, folder: Path
) -> None:
    old, new = champions(store)
    [fit] = store.record(keys.card(NAME, new), Card).members
    path = served.root / "store" / fit.model.key
    whole = path.read_bytes()
    promote(served.store, old)

    def promote_damaged() -> None:
        path.write_bytes(whole[:-1])
        promote(served.store, new)

    def check_kept() -> None:
        assert whole_version(store, folder) == old

    scenes = (promote_damaged, check_kept, check_kept, lambda: path.write_bytes(whole), nothing)
    told = follow(store, folder, *scenes)
    assert [told[0], *told[2:]] == [old, "again", new]
    assert fit.model.key in told[1]
    assert told[1].endswith(f"stays at {old}")


def test_a_refused_version_is_tried_again_only_now_and_then_and_another_at_once(
    served: World, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = champions(store)
    tried: list[str] = []

    def try_in_child(_: Path, name: str) -> None:
        tried.append(name)
        if new in name:
            raise ModelUnusable(f"{name}: refused")

    monkeypatch.setattr("tasks.engine.pull.pull.try_in_child", try_in_child)
    quiet = [nothing] * (2 * watching.REFUSED_LOOKS)
    told = follow(store, folder, *quiet, lambda: promote(served.store, old), nothing)
    assert tried == [f"{NAME} {new}"] * 3 + [f"{NAME} {old}"]
    assert len(told) == 3
    assert told[1:] == ["again", old]


def test_no_champion_yet_is_waited_for(served: World, store: Store, folder: Path) -> None:
    old = champions(store)[0]
    ledger = served.root / "store" / "ledger"
    ledger.rename(served.root / "ledger")
    (served.root / "store" / keys.champion(NAME)).unlink()
    served.forget()
    new_process = open_store((served.root / "store").as_uri(), served.root / "another-cache")
    told = follow(new_process, folder, nothing, lambda: promote(served.store, old))
    assert told[0].startswith("trouble: shop: there is no champion yet")
    assert told[1:] == ["again", old]


def test_a_folder_that_cannot_be_ours_ends_it(store: Store, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "current").mkdir()
    with pytest.raises(InvalidName, match="did not make it"):
        follow(store, folder)
