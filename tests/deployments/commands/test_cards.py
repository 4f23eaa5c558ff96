"""`driftloop card`: a page that stands alone, and the same as data."""

import json
from pathlib import Path

import pytest

from deployments.commands.cards import card
from deployments.commands.know import champion, history
from schemas.errors import InvalidName, NotYet
from tests.building.project import NAME
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
