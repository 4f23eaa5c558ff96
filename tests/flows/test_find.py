"""Projects by name: the shipped ones, a team's own, and files that are none."""

from pathlib import Path

import pytest

from flows.find import Found, find_project, list_projects
from schemas.errors import InvalidName, InvalidProject, UnknownProject
from tests.flows.team import write_project

SHIPPED = ["beijing", "bikes", "electricity", "flights", "metro"]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that DRIFTLOOP_PROJECTS names."""
    folder = tmp_path / "team"
    folder.mkdir()
    monkeypatch.setenv("DRIFTLOOP_PROJECTS", str(folder))
    return folder


def _listed() -> dict[str, Found]:
    return {found.name: found for found in list_projects()}


def test_the_shipped_projects_are_found() -> None:
    assert list(_listed()) == SHIPPED
    assert [find_project(name).name for name in SHIPPED] == SHIPPED


def test_data_that_is_not_here_is_listed_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTLOOP_DATA", str(tmp_path))
    listed = _listed()
    for name in SHIPPED:
        assert "data not here" in (listed[name].problem or "")
        assert listed[name].project == find_project(name)


def test_a_teams_file_is_found_beside_the_shipped_ones(team: Path) -> None:
    path = write_project(team, "my-sales")
    found = _listed()["my-sales"]
    assert (found.about, found.where) == ("How many?", path)
    assert find_project("my-sales").name == "my-sales"
    assert set(_listed()) == {*SHIPPED, "my-sales"}


def test_a_teams_file_goes_before_a_shipped_one(team: Path) -> None:
    write_project(team, "bikes", about="Ours?")
    assert find_project("bikes").about == _listed()["bikes"].about == "Ours?"


def test_an_edit_between_two_nights_is_seen(team: Path) -> None:
    for about in ("One?", "Two?"):
        write_project(team, "sales", about=about)
        assert find_project("sales").about == about


@pytest.mark.parametrize(
    ("before", "file", "why"),
    [
        ("1 / 0\n", "sales", "ZeroDivisionError"),
        ("raise SystemExit\n", "sales", "SystemExit"),
        ("PROJECT = (\n", "sales", "SyntaxError"),
        ("", "orders", "is named 'sales'; name it 'orders'"),
        ("", "My_Sales", "lower-case letters"),
    ],
)
def test_a_broken_file_is_listed_and_stops_no_other(
    team: Path, before: str, file: str, why: str
) -> None:
    write_project(team, "sales", file=file, before=before)
    write_project(team, "sound")
    listed = _listed()
    assert why in (listed[file].problem or "")
    assert listed[file].project is None
    assert listed["sound"].project is not None
    if file != "My_Sales":
        with pytest.raises(InvalidProject, match=why):
            find_project(file)


def test_a_file_without_a_project_is_said(team: Path) -> None:
    (team / "sales.py").write_text("PROJECT = 'sales'\n")
    assert "needs PROJECT = Project(...)" in (_listed()["sales"].problem or "")


def test_helpers_beside_projects_are_no_projects(team: Path) -> None:
    (team / "sales_contract.py").write_text("VALUE = 1\n")
    (team / "notes.txt").write_text("PROJECT\n")
    assert list(_listed()) == SHIPPED


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownProject, match="bikes, electricity, flights"):
        find_project("absent")


@pytest.mark.parametrize(
    "name", ["../bikes", "bikes\n", "", "Bikes", "a/b", "\x1b[31m", "x" * 4096]
)
@pytest.mark.usefixtures("team")
def test_a_name_that_breaks_the_rule_is_refused(name: str) -> None:
    with pytest.raises(InvalidName, match="lower-case letters"):
        find_project(name)


@pytest.mark.parametrize(("folder", "why"), [("team", "relative"), ("/absent/team", "no folder")])
def test_a_folder_that_cannot_be_meant_is_an_error(
    monkeypatch: pytest.MonkeyPatch, folder: str, why: str
) -> None:
    monkeypatch.setenv("DRIFTLOOP_PROJECTS", folder)
    with pytest.raises(InvalidProject, match=f"DRIFTLOOP_PROJECTS.*{why}"):
        list_projects()
    with pytest.raises(InvalidProject, match=why):
        find_project("bikes")
