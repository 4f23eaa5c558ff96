"""A night's profile is made on demand, once, and goes with the rows that it shows.

What Evidently draws is tests/tasks/test_report.py.
"""

import gzip
from pathlib import Path

import pandas as pd
import pytest

import tasks.engine.profile
from deployments.commands.know import report as command
from schemas.errors import NotYet
from tasks.engine.keeping.erase import erase
from tasks.engine.profile import make_profile
from tasks.store import keys
from tasks.store.verify import verify
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

NEXT = YOUNG + 1


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], bool]]:
    """What Evidently would have drawn: the columns, and whether a reference stood beside them."""
    told: list[tuple[list[str], bool]] = []

    def draw(kinds: dict[str, str], sample: pd.DataFrame | None, _: pd.DataFrame) -> bytes:
        told.append((list(kinds), sample is not None))
        return gzip.compress(f"drawn {len(told)}".encode(), mtime=0)

    monkeypatch.setattr(tasks.engine.profile, "report_profile", draw)
    return told


def test_it_is_made_once_until_the_night_is_delivered_anew(
    young: World, drawn: list[object]
) -> None:
    young.live(NEXT)
    first = make_profile(young.store, young.project, day(NEXT))
    assert make_profile(young.store, young.project, day(NEXT)).page == first.page
    assert len(drawn) == 1
    young.deliver(NEXT, build_orders(NEXT, rows=30))
    young.night(NEXT)
    assert make_profile(young.store, young.project, day(NEXT)).revision == 2


@pytest.mark.usefixtures("drawn")
def test_one_that_was_deleted_is_made_again(young: World) -> None:
    profile = make_profile(young.store, young.project, day(YOUNG))
    young.store.delete(profile.page.key)
    assert young.store.exists(make_profile(young.store, young.project, day(YOUNG)).page.key)


def test_before_there_is_a_champion_a_night_stands_alone(
    young: World, drawn: list[tuple[list[str], bool]]
) -> None:
    assert make_profile(young.store, young.project, day(YOUNG)).version is None
    assert drawn == [(["amount", "hour", "wait", "shop"], False)]


def test_a_night_without_sound_rows_has_none(young: World) -> None:
    young.deliver(NEXT, build_orders(NEXT).drop(columns="hour"))
    young.night(NEXT)
    for number in (NEXT, NEXT + 9):
        with pytest.raises(NotYet, match="no profile; it needs a night"):
            make_profile(young.store, young.project, day(number))


@pytest.mark.usefixtures("drawn")
def test_it_goes_with_a_person_whose_row_it_shows(young: World) -> None:
    young.live(NEXT)
    profile = make_profile(young.store, young.project, day(NEXT))
    key = build_orders(NEXT)["row_key"][0]
    erase(young.store, young.project, [key], "she asked for it", "ann", lambda _: None)
    assert not young.store.exists(profile.page.key)
    young.forget()
    assert {found.state for found in verify(young.store, NAME)} == {"expired"}


@pytest.mark.usefixtures("drawn")
def test_the_command_writes_the_page(
    young: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(NAME, str(day(YOUNG)), profile=True, to=tmp_path / "x.html")
    assert (tmp_path / "x.html").read_text() == "drawn 1"
    assert str(tmp_path / "x.html") in capsys.readouterr().out
    assert young.store.exists(keys.profile(NAME, day(YOUNG), 1))
