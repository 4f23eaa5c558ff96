"""`driftloop mark-bad`, and every place that tells of a bad night."""

import json

import pytest

from deployments.cli import app
from schemas.errors import DriftloopError
from tasks.telling.night_page import night_page
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.deployments.pages.browsing import browse

BAD = day(YOUNG - 1)


def type_in(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit code, and what was said."""
    try:
        app([*words], exit_on_error=False, result_action="return_value")
    except DriftloopError as error:
        return error.exit_code, str(error)
    return 0, capsys.readouterr().out


def mark(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    given = ("mark-bad", NAME, str(BAD), "--reason", "wrong prices", "--actor", "ann")
    return type_in(capsys, *given, *more)


def test_it_shows_what_the_night_reached_then_records_it_and_says_what_to_do(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    young.live(YOUNG + 1)
    code, out = mark(capsys)
    assert code == 0
    model = f"{young.champion}: served model trained on it, judged on it"
    expected = (
        *("as a bad one", model, f"{young.champion} by ledger 1", f"1 night, {day(YOUNG + 1)}"),
        *(f"{young.champion} was trained on it", "No clean champion was ever promoted."),
        *(f"mark-bad {BAD} by ann: wrong prices", f"next: driftloop promote {NAME} --override"),
    )
    assert [text for text in expected if text not in out] == []
    assert [out.index(text) for text in expected] == sorted(map(out.index, expected))


def test_a_dry_run_shows_the_same_and_records_nothing(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = young.files()
    _, out = mark(capsys, "--dry-run")
    assert f"Nothing was recorded.\nnext: driftloop mark-bad {NAME} {BAD} --reason ...\n" in out
    told = json.loads(mark(capsys, "--dry-run", "--json")[1])
    assert (told["entry"], told["radius"]["is_champion_affected"]) == (None, True)
    assert mark(capsys, "--undo", "--dry-run") == (69, f"{NAME}: night {BAD} is not marked bad")
    assert young.files() == before


def test_status_why_history_lineage_and_pages_say_by_whom_and_why(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    mark(capsys)
    for words in (("status", NAME), ("why", NAME, str(BAD)), ("lineage", NAME, str(BAD))):
        _, out = type_in(capsys, *words)
        assert f"by ann: wrong prices; driftloop mark-bad {NAME} {BAD} --undo" in out, words
    assert "knows a night marked bad" in type_in(capsys, "status", NAME)[1]
    assert "marked bad since" in type_in(capsys, "lineage", NAME)[1]
    assert f"mark-bad {BAD} by ann" in type_in(capsys, "history", NAME)[1]
    (status,) = json.loads(type_in(capsys, "status", NAME, "--json")[1])
    assert (status["bad"][0]["night"], status["knows_bad"]) == (str(BAD), True)
    why = json.loads(type_in(capsys, "why", NAME, str(BAD), "--json")[1])
    assert why["marked_bad"]["reason"] == "wrong prices"
    assert "by ann: wrong prices" in browse(f"/{NAME}/{BAD}").text
    key = f"nights/{NAME}/{BAD}/r01.json"
    assert "by ann: wrong prices" in night_page(young.store, young.project, key).markdown
    assert mark(capsys, "--undo")[0] == 0
    assert "marked bad" not in type_in(capsys, "status", NAME)[1]
    assert "wrong prices" not in browse(f"/{NAME}/{BAD}").text
