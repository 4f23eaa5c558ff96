"""`driftloop replay`: tables, JSON, page, exit codes."""

import json
from pathlib import Path

import pytest

from deployments.cli import app
from schemas.errors import InvalidName
from tasks.store import keys
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.tasks.engine.replay.test_reproduce import forge


@pytest.fixture
def few(young: World) -> World:
    """Four nights after the first champion."""
    for number in range(YOUNG + 1, YOUNG + 5):
        young.live(number)
    return young


def run(*arguments: object) -> None:
    app(["replay", NAME, *map(str, arguments)], exit_on_error=False, result_action="return_value")


@pytest.mark.usefixtures("few")
def test_one_table_of_policies_after_what_was_reproduced(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run("--policy", "own", "--policy", "nightly", "--from", day(YOUNG + 1))
    lines = capsys.readouterr().out.splitlines()
    assert (
        lines[1]
        == f"  reproduced {YOUNG + 5} nights and 2 retrain attempts, every decision byte for byte"
    )
    assert lines[4].split()[:3] == ["POLICY", "NIGHTS", "RETRAINS"]
    assert [line.split()[:3] for line in lines[5:]] == [["own", "4", "1"], ["nightly", "4", "4"]]


@pytest.mark.usefixtures("few")
def test_with_refits_the_table_tells_what_nights_lost(capsys: pytest.CaptureFixture[str]) -> None:
    run("--policy", "own", "--refit", "--from", day(YOUNG + 1))
    out = capsys.readouterr().out
    assert "KEPT" in out
    assert [line.split()[0] for line in out.splitlines()[-3:]] == ["own", "never", "nightly"]


@pytest.mark.usefixtures("few")
def test_json_holds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    run("--policy", "own", "--refit", "--from", day(YOUNG + 1), "--json")
    body = json.loads(capsys.readouterr().out)
    assert body["reproduced"]["differences"] == []
    assert [asked["policy"] for asked in body["asked"]] == ["own"]
    [own, *_] = body["lived"]["results"]
    assert list(own["losses"]) == [str(day(n)) for n in range(YOUNG + 1, YOUNG + 4)]


def test_a_record_that_was_changed_is_named_and_the_exit_code_says_so(
    few: World, capsys: pytest.CaptureFixture[str]
) -> None:
    key = keys.night(NAME, day(YOUNG + 4), 1)
    night = few.recorded(YOUNG + 4).trigger.model_dump(mode="json")
    forge(few, key, trigger={**night, "refused_in_a_row": 3})
    with pytest.raises(SystemExit) as exit_code:
        run("--policy", "own")
    assert exit_code.value.code == 65
    out = capsys.readouterr().out
    assert f"differs    {key}: trigger not reproduced: refused_in_a_row 0, recorded 3" in out


@pytest.mark.usefixtures("few")
def test_the_page_opens_offline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "replay.html"
    run("--refit", "--policy", "own", "--from", day(YOUNG + 1), "--page", page)
    assert capsys.readouterr().out.splitlines()[-1] == str(page)
    text = page.read_text()
    assert text.count('<script type="application/json">') == 2
    assert "schedule-only" in text
    assert "https://" not in text.replace("plotly", "")[: text.index("<body>")]


def test_nights_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(InvalidName, match="is after --to"):
        run("--from", "2026-02-02", "--to", "2026-02-01")
