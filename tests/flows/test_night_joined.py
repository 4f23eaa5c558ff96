"""A table that is joined to every night goes wrong: nights that were accepted stay so."""

import pytest

from deployments.cli import app
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


def test_nights_and_status_tell_it_while_it_holds(
    shop: World, capsys: pytest.CaptureFixture[str]
) -> None:
    give(shop, BROKEN)
    shop.live(NEXT + 2)
    nights = f"3 nights, {day(YOUNG)} to {day(NEXT + 1)}"
    why = f"refused    {nights}, read again with other tables: sizes: 1 row repeats a key"
    assert why in said(capsys, "status", NAME)
    assert why in said(capsys, "night", NAME, "--as-of", str(day(NEXT + 2)))
    give(shop, SIZES)
    shop.live(NEXT + 3)
    assert "read again with other tables" not in said(capsys, "status", NAME)


def test_a_table_that_repeats_a_key_is_no_unreadable_file(
    shop: World, capsys: pytest.CaptureFixture[str]
) -> None:
    give(shop, BROKEN)
    shop.live(NEXT + 2)
    told = said(capsys, "why", NAME, str(day(NEXT + 2)))
    assert "broken     could not be used: sizes: 1 row repeats a key of shop" in told
    listed = said(capsys, "nights", NAME, "--last", "3")
    assert "an earlier night, or a table joined to it, changed" in listed


@pytest.mark.parametrize("least", [0.5, 0])
def test_a_table_that_was_not_delivered_is_named(
    shop: World, capsys: pytest.CaptureFixture[str], least: float
) -> None:
    shop.declare(JOINED.format(file=str(shop.root / "gone.csv")).replace("0.5", str(least)))
    shop.live(NEXT + 2)
    absent = "othing was delivered for the joined table sizes ("
    batch = batch_of(shop, NEXT + 2)
    assert (batch.status, absent in batch.sentence) == (
        ("refused", True) if least else ("accepted", False)
    )
    assert absent in said(capsys, "why", NAME, str(day(NEXT + 2)))


def test_a_join_on_a_column_that_rows_lack_names_it_and_those_that_are_there(
    shop: World, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(shop.root / "sizes.csv")
    shop.declare(JOINED.format(file=file).replace("on=('shop',)", "on=('store',)"))
    shop.live(NEXT + 2)
    names = "the join with sizes names 'store', which the rows do not have, only 'row_key', "
    assert names in batch_of(shop, NEXT + 2).sentence
    with pytest.raises(SystemExit, match="1"):
        app(["check", NAME], result_action="return_value")
    told = capsys.readouterr()
    assert names in told.err
    assert "the table sizes names 'store', which its rows do not have, only 'shop'" in told.err


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command that goes well says."""
    capsys.readouterr()
    app(list(words), result_action="return_value")
    return capsys.readouterr().out


def test_rows_delivered_anew_are_refused_with_the_table_they_were_read_with(shop: World) -> None:
    give(shop, BROKEN)
    shop.deliver(NEXT + 1, build_orders(NEXT + 1, rows=41))
    shop.live(NEXT + 2)
    assert versions(shop, NEXT + 1) == [("accepted", False), ("refused", False)]
    assert versions(shop, NEXT) == [("accepted", False), ("accepted", True)]
