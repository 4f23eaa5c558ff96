"""A table that is joined to every night goes wrong: nights that were accepted stay so."""

import pytest

from schemas.batch import Batch
from tasks.engine.replay.reproduce import reproduce
from tasks.store.verify import verify
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World
from tests.flows.readmitting import batch_of

NEXT = YOUNG + 1
SIZES = "shop,size\neast,1\nnorth,2\nsouth,3\n"
BROKEN = SIZES + "east,4\n"
THIN = "shop,size\nnowhere,1\n"
JOINED = (
    "source=Joined(rows=Landing(), joins=(Join(name='sizes', table=SideFile(file={file!r}), "
    "on=('shop',), columns=('size',), least_matched=0.5),))"
)


@pytest.fixture
def shop(young: World) -> World:
    """Two nights with a table of sizes, both accepted."""
    young.declare(JOINED.format(file=str(young.root / "sizes.csv")))
    give(young, SIZES)
    young.live(NEXT)
    young.live(NEXT + 1)
    return young


def give(world: World, sizes: str) -> None:
    """Deliver the table."""
    (world.root / "sizes.csv").write_text(sizes)


def versions(world: World, number: int) -> list[tuple[str, bool]]:
    """Status of each revision of a night's batch, and whether a refusal since is told."""
    batches = [
        world.store.record(key, Batch)
        for key in world.store.revisions("batches", NAME, day(number))
    ]
    return [(batch.status, batch.refused_since is not None) for batch in batches]


@pytest.mark.parametrize("table", [BROKEN, THIN], ids=["a key twice", "no match"])
def test_an_accepted_night_stands_while_the_table_is_wrong_and_heals_with_it(
    shop: World, table: str
) -> None:
    before = batch_of(shop, NEXT)
    give(shop, table)
    tonight = shop.live(NEXT + 2)
    assert tonight.evidence.data == "refused"
    after = batch_of(shop, NEXT)
    assert (after.id, after.rows, after.files) == (before.id, before.rows, before.files)
    assert after.refused_since is not None
    assert "sizes" in after.refused_since.sentence
    assert shop.recorded(NEXT).evidence.data == "accepted"
    give(shop, SIZES)
    shop.live(NEXT + 3)
    assert versions(shop, NEXT) == [("accepted", False), ("accepted", True), ("accepted", False)]
    assert batch_of(shop, NEXT + 2).status == "accepted"
    assert reproduce(shop.store, shop.project).differences == ()
    assert not verify(shop.store, NAME)


def test_it_alerts_once_and_running_again_has_no_second_effect(shop: World) -> None:
    give(shop, BROKEN)
    shop.live(NEXT + 2)
    alerts = [a for n in range(YOUNG, NEXT + 3) for a in shop.recorded(n).decision.alerts]
    assert [alert.kind for alert in alerts] == ["joined", "refused"]
    before = shop.files()
    shop.forget()
    shop.night(NEXT + 2)
    assert shop.files() == before


def test_rows_delivered_anew_are_refused_with_the_table_they_were_read_with(shop: World) -> None:
    give(shop, BROKEN)
    shop.deliver(NEXT + 1, build_orders(NEXT + 1, rows=41))
    shop.live(NEXT + 2)
    assert versions(shop, NEXT + 1) == [("accepted", False), ("refused", False)]
    assert versions(shop, NEXT) == [("accepted", False), ("accepted", True)]
