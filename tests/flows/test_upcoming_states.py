"""Rows ahead that are not predicted or not delivered: each state is named, and has an exit."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

import tasks.engine.upcoming
from deployments.status import project_status
from flows.upcoming import upcoming
from schemas.errors import ModelUnusable, NotDelivered
from schemas.night import Night
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import ROWS, build_orders, day
from tests.building.world import World
from tests.flows.foreseeing import NEXT, declare, delivered, record, told


@pytest.fixture
def ahead(served: World) -> World:
    """A world with a champion whose project predicts ahead, into files of the landing folder."""
    declare(served)
    return served


@pytest.mark.parametrize(
    ("orders", "state", "said"),
    [
        (None, "no_rows", "No upcoming rows were delivered."),
        (build_orders(NEXT + 1, rows=0), "no_rows", "No upcoming row is left"),
        (build_orders(NEXT + 1).drop(columns="hour"), "refused", "columns missing: hour"),
        (build_orders(NEXT + 1).assign(hour=99), "refused", "40 of 40 rows broken"),
        (pd.DataFrame({"a,b": ["1"], "": [2]}), "refused", "columns missing"),
    ],
)
def test_without_sound_rows_the_state_says_so_and_a_sound_delivery_ends_it(
    ahead: World, orders: pd.DataFrame | None, state: str, said: str
) -> None:
    if orders is not None:
        ahead.foresee(NEXT, orders)
    assert ahead.live(NEXT).predictions, "the night itself is scored"
    assert record(ahead).state == state
    assert said in told(ahead)
    assert f"driftloop upcoming {NAME} --as-of {day(NEXT)}" in told(ahead)
    assert not delivered(ahead).exists()
    ahead.foresee(NEXT)
    upcoming.fn(NAME, day(NEXT))
    assert record(ahead).state == "predicted"
    assert delivered(ahead).exists()


def test_a_file_that_cannot_be_read_is_refused_rows(ahead: World) -> None:
    ahead.foresee(NEXT)
    (ahead.root / "landing" / f"{day(NEXT)}.ahead.csv").write_bytes(b"\x1f\x8b\xff\x00" * 50)
    ahead.live(NEXT)
    assert record(ahead).state == "refused"


def test_without_a_champion_nothing_is_predicted_until_the_night_after_its_promotion(
    young: World,
) -> None:
    declare(young)
    for number in (YOUNG, YOUNG + 1):
        young.foresee(number)
    upcoming.fn(NAME, day(YOUNG))
    assert record(young, YOUNG).state == "no_champion", "it was promoted that very night"
    assert f"driftloop status {NAME}" in told(young, YOUNG)
    young.live(YOUNG + 1)
    assert record(young, YOUNG + 1).state == "predicted"


def test_a_champion_that_cannot_score_is_named_and_once_mended_predicts(
    ahead: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ModelUnusable("it predicts nonsense")

    ahead.foresee(NEXT)
    with monkeypatch.context() as patch:
        patch.setattr(tasks.engine.upcoming, "score_frame", refuse)
        ahead.live(NEXT)
    assert record(ahead).state == "unscorable"
    assert "Champion cannot score: it predicts nonsense" in told(ahead)
    ahead.night(NEXT)
    assert record(ahead).state == "predicted"


def test_a_failed_delivery_fails_loud_loses_nothing_and_is_made_by_the_night_again(
    ahead: World,
) -> None:
    ahead.foresee(NEXT)
    (ahead.root / "out").write_text("a file where the folder should be")
    with pytest.raises(NotDelivered, match=rf"not delivered to {day(NEXT)}\.parquet") as failure:
        ahead.live(NEXT)
    assert f"driftloop upcoming {NAME} --as-of {day(NEXT)}" in str(failure.value)
    night, waiting = ahead.recorded(NEXT), record(ahead)
    assert isinstance(night, Night)
    assert (waiting.state, waiting.waits) == ("predicted", True)
    assert "not delivered" in told(ahead)
    assert "not delivered" in (project_status(NAME)[0].upcoming or "")
    (ahead.root / "out").unlink()
    assert ahead.night(NEXT).digest == night.digest
    assert not record(ahead).waits
    assert len(pd.read_parquet(delivered(ahead))) == ROWS


def test_a_failed_delivery_holds_up_no_retrain(ahead: World) -> None:
    (ahead.root / "out").write_text("")
    for number in range(NEXT, NEXT + 3):
        ahead.foresee(number)
        with pytest.raises(NotDelivered):
            ahead.live(number)
    assert ahead.judgements(NEXT + 2)


def test_a_database_that_was_away_gets_its_rows_from_the_night_run_again(
    served: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.declare("upcoming=Ahead(), deliver=ToTable(connection='SHOP_DB', table='ahead')")
    served.foresee(NEXT)
    with pytest.raises(NotDelivered, match="not delivered to table ahead of SHOP_DB: SHOP_DB is"):
        served.live(NEXT)
    monkeypatch.setenv("SHOP_DB", f"sqlite:///{tmp_path}/shop.sqlite")
    columns = "as_of date, row_key text, prediction real, model_version text"
    with closing(sqlite3.connect(tmp_path / "shop.sqlite")) as shop:
        shop.execute(f"CREATE TABLE ahead ({columns}, PRIMARY KEY (as_of, row_key))")
        for _ in range(2):
            served.night(NEXT)
            assert shop.execute("SELECT count(*) FROM ahead").fetchone() == (ROWS,)
    assert "delivered to table ahead of SHOP_DB" in told(served)
