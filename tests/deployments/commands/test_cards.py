"""`driftloop card`, `compare` and `explain`: pages, text, and the same as data."""

import json
from pathlib import Path

import pytest

from deployments.commands.cards import card, compare, explain
from deployments.commands.know import champion, history
from schemas.errors import InvalidName, NotYet
from tasks.store.ledger import entries
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


def test_the_champions_card_is_a_file_and_its_path_is_told(
    young: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    card(NAME)
    path = Path(capsys.readouterr().out.strip())
    assert path == tmp_path / f"{NAME}-{young.champion}.html"
    assert "Will this order be returned?" in path.read_text()
    card(NAME, young.champion, to=tmp_path / "a" / "card.html", json=True)
    told = capsys.readouterr()
    assert json.loads(told.out)["card"]["version"] == young.champion
    assert told.err.strip() == str(tmp_path / "a" / "card.html")


def test_a_hostile_question_stays_text(young: World, tmp_path: Path) -> None:
    young.declare("about='</title><script>alert(1)</script> &lt;b&gt;'")
    card(NAME, to=tmp_path / "card.html")
    page = (tmp_path / "card.html").read_text()
    assert "<script" not in page


def test_champion_and_history_name_the_command(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    champion(NAME)
    assert f"driftloop card {young.project.name}" in capsys.readouterr().out
    history(NAME)
    assert f"driftloop card {NAME} VERSION" in capsys.readouterr().out


def test_what_is_no_version_is_refused(world: World) -> None:
    with pytest.raises(NotYet, match="there is no champion yet"):
        card(world.project.name)
    with pytest.raises(NotYet, match="there is no model version v0000000000000000"):
        card(NAME, "v0000000000000000")
    with pytest.raises(InvalidName, match="model version"):
        card(NAME, "../../etc")


def test_a_comparison_is_text_a_page_and_data(
    served: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = (str(entry.version) for entry in entries(served.store, NAME))
    compare(NAME, one, other, page=tmp_path / "both.html")
    said = capsys.readouterr().out
    assert said.startswith(f"{NAME}: {one} and {other}\nThere is no labelled night")
    assert "\nRECIPE\nThe same in every field.\n" in said
    assert said.splitlines()[-1] == str(tmp_path / "both.html")
    assert other in (tmp_path / "both.html").read_text()
    compare(NAME, one, other, json=True)
    assert json.loads(capsys.readouterr().out)["one"]["version"] == one


def test_a_row_is_explained_as_text_a_page_and_data(
    young: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = f"{day(YOUNG)}-0007"
    explain(NAME, key, as_of=str(day(YOUNG)), page=tmp_path / "row.html")
    said = capsys.readouterr().out
    assert said.startswith(f"{NAME}: {key}, {day(YOUNG)}\n{young.champion} predicts 0.")
    assert "amount" in said
    assert "income" not in said + (tmp_path / "row.html").read_text()
    explain(NAME, key, json=True)
    assert json.loads(capsys.readouterr().out)["how"] == "tree paths"
    with pytest.raises(InvalidName, match="write a date as YYYY-MM-DD"):
        explain(NAME, key, as_of="yesterday")
