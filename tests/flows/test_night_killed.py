"""A night killed at any write is repaired by running it again, or by the next night's run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.model import Card
from tasks.store import keys
from tasks.store.verify import verify
from tests.building.brittle import Brittle, Killed
from tests.building.fixtures import YOUNG, cut_short, settle
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

HINT = f"champion/{NAME}.json"
REFRESH = YOUNG + 3
"""The night that promotes a refresh; a full night with all that a night can write."""


@pytest.fixture(scope="module")
def evening(young_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world on the evening before REFRESH, its orders and all labels delivered."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        root = tmp_path_factory.mktemp("evening")
        world = settle(root, patch)
        World(young_root).copy_to(root)
        for number in range(YOUNG + 1, REFRESH):
            world.live(number)
        for number in (REFRESH, REFRESH + 1):
            world.label(number - 1)
            world.deliver(number)
        yield world


@pytest.fixture(scope="module")
def undisturbed(evening: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every stored object after REFRESH and the night after, nothing having been killed."""
    with pytest.MonkeyPatch.context() as patch:
        world = evening.copy_to(tmp_path_factory.mktemp("undisturbed"))
        settle(world.root, patch)
        world.forget()
        world.night(REFRESH)
        assert [move for move, _ in world.moves()] == ["promote", "promote"]
        world.night(REFRESH + 1)
        return world.files()


def killed(evening: World, world: World, number: int = REFRESH, **where: object) -> Brittle:
    """The world as a kill leaves it, in the hands of a process that knows nothing."""
    evening.copy_to(world.root)
    world.forget()
    brittle = Brittle(world.store.backend, **where)  # type: ignore[arg-type]  # its own fields
    world.store.backend = brittle
    try:
        world.night(number)
    except Killed:
        assert verify(world.store, NAME) == [], "a kill leaves all or nothing of every record"
    else:
        brittle.at = -1
    world.forget()
    return brittle


def assert_repaired(world: World, undisturbed: dict[str, bytes]) -> None:
    """The same ids, records and objects as if nothing had happened, byte for byte.

    Only the hint may be stale, which decides nothing: a kill may come between ledger and hint.
    """
    found = world.files()
    assert sorted(found) == sorted(undisturbed)
    assert {key for key, data in found.items() if data != undisturbed[key]} <= {HINT}


WRITES = ("data/", "batches/", "labels/", "predictions/", "nights/", "judgements/", "models/")


@pytest.mark.parametrize(
    ("prefix", "after"),
    [*((prefix, True) for prefix in WRITES), ("ledger/", False), ("ledger/", True)],
)
def test_running_a_killed_night_again_gives_the_same_store(
    evening: World, undisturbed: dict[str, bytes], world: World, prefix: str, *, after: bool
) -> None:
    killed(evening, world, prefix=prefix, after=after)
    world.night(REFRESH)
    world.night(REFRESH + 1)
    assert_repaired(world, undisturbed)


@pytest.mark.parametrize("prefix", ["nights/", "judgements/", "models/", "ledger/"])
def test_the_next_nights_run_carries_out_what_was_decided(
    evening: World, undisturbed: dict[str, bytes], world: World, prefix: str
) -> None:
    killed(evening, world, prefix=prefix, after=True)
    world.night(REFRESH + 1)
    assert_repaired(world, undisturbed)


@pytest.mark.parametrize("again", [REFRESH, REFRESH + 1])
def test_a_new_delivery_of_an_earlier_night_is_recorded_also_when_its_run_was_killed(
    evening: World, world: World, again: int
) -> None:
    """Between its batch and its record: the batch is known then, the night must still be told."""
    evening.copy_to(world.root)
    world.deliver(YOUNG + 1, build_orders(YOUNG + 1).iloc[:-1])
    world.forget()
    brittle = Brittle(world.store.backend, prefix="batches/", after=True)
    world.store.backend = brittle
    with pytest.raises(Killed):
        world.night(REFRESH)
    world.forget()
    assert world.recorded(YOUNG + 1).revision == 1
    world.night(again)
    assert world.recorded(YOUNG + 1).revision == 2
    assert world.recorded(YOUNG + 1).batch == keys.batch(NAME, day(YOUNG + 1), 2)
    before = world.files()
    world.night(again)
    assert world.files() == before


@pytest.mark.parametrize("part", ["model", "reference"])
def test_a_refit_mends_what_became_damaged_before_its_promotion(
    evening: World, undisturbed: dict[str, bytes], world: World, part: str
) -> None:
    killed(evening, world, prefix="models/", after=True)
    [card] = world.files("models").keys() - evening.files("models").keys()
    record = world.store.record(card, Card)
    ref = {"model": record.members[0].model, "reference": record.reference}[part]
    (world.root / "store" / ref.key).write_bytes(b"damaged")
    world.night(REFRESH)
    world.night(REFRESH + 1)
    assert_repaired(world, undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_every_write_is_repaired(
    evening: World,
    undisturbed: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    after: bool,
) -> None:
    cut_short(monkeypatch)
    number = 0
    while True:
        number += 1
        world = settle(tmp_path / str(number), monkeypatch)
        if killed(evening, world, at=number, after=after).at < 0:
            break
        world.night(REFRESH)
        world.night(REFRESH + 1)
        assert_repaired(world, undisturbed)
    assert number > 15, "a night with a promotion writes that much"


@pytest.mark.slow
def test_a_night_killed_again_and_again_gets_there(
    evening: World,
    undisturbed: dict[str, bytes],
    world: World,
) -> None:
    evening.copy_to(world.root)
    kills = 0
    for at in range(1, 40):
        world.forget()
        world.store.backend = Brittle(world.store.backend, at=at)
        try:
            world.night(REFRESH)
        except Killed:
            kills += 1
    assert kills > 5
    world.forget()
    world.night(REFRESH)
    world.night(REFRESH + 1)
    assert_repaired(world, undisturbed)
