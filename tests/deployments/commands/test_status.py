"""`driftloop status`: what cannot be read of one project hides no other, and is late."""

import json
from pathlib import Path

import pytest

from deployments.cli import app
from flows.freeze import freeze
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.s3_server import S3Server
from tests.building.world import World


def type_status(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    code = 0
    try:
        app(["status", *words], exit_on_error=False, result_action="return_value")
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.usefixtures("young")
def test_a_broken_project_file_is_listed_and_late(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    (world.root / "projects" / "sales.py").write_text("PROJECT = (")
    code, out, err = type_status(capsys, "--max-age", "99999d")
    assert code == 3
    assert f"{NAME}\n" in out
    assert "sales: " in err
    assert "SyntaxError" in err
    assert f"{NAME}:" not in err


@pytest.mark.usefixtures("young")
def test_a_damaged_record_hides_no_other_project(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    newest = max(Path(world.root / "store" / "nights" / NAME).rglob("*.json"))
    newest.write_text("{")
    code, out, _ = type_status(capsys, "--json")
    assert code == 65
    states = {one["project"]: one["state"] for one in json.loads(out)}
    assert states[NAME] == "Unreadable"
    assert states["flights"] == "No night yet"


def test_a_store_that_answers_to_nobody_is_no_late_night(
    moto_server: S3Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in moto_server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DRIFTLOOP_STORE", "s3://no-such-bucket/models")
    code, out, _ = type_status(capsys, "--max-age", "26h")
    assert code == 75
    assert "make the bucket, or correct DRIFTLOOP_STORE" in out


@pytest.mark.usefixtures("young")
def test_shipped_projects_without_data_are_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DRIFTLOOP_DATA", str(tmp_path / "nothing"))
    _, out, _ = type_status(capsys)
    assert out.startswith(f"{NAME}\n")
    assert "\nflights\n" not in out
    assert out.splitlines()[-1].startswith("shipped projects without data: ")
    assert "flights" in out.splitlines()[-1]
    assert "no night is recorded" not in out
    assert type_status(capsys, "flights")[1].startswith("no night is recorded in file:///")


def test_a_store_that_holds_nothing_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = (world.root / "mistyped").as_uri()
    monkeypatch.setenv("DRIFTLOOP_STORE", address)
    _, out, _ = type_status(capsys)
    assert out.startswith(f"no night is recorded in {address} yet; is DRIFTLOOP_STORE right?")
    app(["nights", NAME], exit_on_error=False, result_action="return_value")
    assert capsys.readouterr().out == f"{NAME}: no night is recorded in {address} yet\n"


def test_a_decision_since_the_newest_night_is_told_until_a_night_knows_it(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    young.live(YOUNG + 1)
    assert "  since " not in type_status(capsys, NAME)[1]
    freeze.fn(NAME, "returns look wrong", "ann")
    out = type_status(capsys, NAME)[1]
    assert "freeze by ann: returns look wrong" in out
    young.live(YOUNG + 2)
    assert "  since " not in type_status(capsys, NAME)[1]
