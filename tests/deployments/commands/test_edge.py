"""Names, nights and versions that break a rule end at the edge, in one line that names it."""

from inspect import signature
from typing import Any

import pytest
from cyclopts import ValidationError

from deployments.cli import app
from deployments.commands import decide, keep
from schemas.errors import DriftloopError
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

NAMES = ["../shop", "/etc/passwd", "shop\n", "sh\x07op", "SHOP", "", "a" * 4096, "shop/../../x"]
NIGHTS = ["../2026-01-01", "2026-1-1", "2026-02-30", "yesterday", "2026-01-01\n", "9" * 4096, ""]
VERSIONS = ["../v0123456789abcdef", "v0123456789ABCDEF", "v\x00", "v" + "0" * 4096]


def type_in(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit code and what stands on stderr."""
    try:
        app(list(words), exit_on_error=False, result_action="return_value")
    except DriftloopError as error:
        return error.exit_code, str(error)
    except SystemExit as stopped:
        return int(stopped.code or 0), capsys.readouterr().err
    return 0, capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["night", "verify"])
def test_a_project_name_that_breaks_the_rule_is_refused_with_the_rule(
    world: World,
    capsys: pytest.CaptureFixture[str],
    command: str,
    name: str,
) -> None:
    code, said = type_in(capsys, command, name)
    assert code == 64
    assert "lower-case letters, digits and '-'" in said
    assert len(said.splitlines()) == 1
    assert len(said) < 400
    assert not (world.root / "store").exists()


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize(
    "command", [("night", NAME, "--as-of"), ("why", NAME), ("accept", NAME, "--reason=because")]
)
def test_a_night_that_is_no_date_is_refused_with_the_rule(
    world: World,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    night: str,
) -> None:
    code, said = type_in(capsys, *command, night)
    assert code == 64
    assert "write a date as YYYY-MM-DD" in said
    assert len(said) < 400
    assert not (world.root / "store").exists()


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("night", ["2026-03-01T10:30", "2026-03-01 10", "2026-3-1", "2026/03/01"])
def test_a_misspelt_night_is_guessed_as_one_of_the_projects(
    capsys: pytest.CaptureFixture[str], night: str
) -> None:
    code, said = type_in(capsys, "night", NAME, "--as-of", night)
    assert (code, said.endswith("; did you mean 2026-03-01?")) == (64, True)


@pytest.mark.usefixtures("world")
def test_nights_in_the_wrong_order_are_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = type_in(capsys, "night", NAME, "--from", "2024-03-02", "--to", "2024-03-01")
    assert (code, said) == (64, "--from 2024-03-02 is after --to 2024-03-01")
    assert type_in(capsys, "night", NAME, "--from", "2024-03-02")[1].startswith("give --from and")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("command", [("rollback",), ("promote", "--override")])
def test_a_version_that_breaks_the_rule_is_refused_with_the_rule(
    young: World,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    version: str,
) -> None:
    before = young.moves()
    words = (*command, NAME, "--reason", "because", "--version", version)
    code, said = type_in(capsys, *words)
    assert code == 64
    assert "expected v[0-9a-f]{16}" in said
    assert len(said) < 400
    assert young.moves() == before


def test_status_says_when_a_newest_night_is_too_old(
    young: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("deployments.status.hours_since_end", lambda *_: 25.9)
    assert type_in(capsys, "status", NAME, "--max-age", "26h") == (0, "")
    monkeypatch.setattr("deployments.status.hours_since_end", lambda *_: 26.1)
    code, said = type_in(capsys, "status", NAME, "--max-age", "26h")
    assert code == 3
    assert str(day(YOUNG)) in said
    assert type_in(capsys, "status", NAME, "--max-age", "2d") == (0, "")
    assert young.recorded(YOUNG).seq


@pytest.mark.usefixtures("world")
def test_status_of_a_project_that_never_ran_is_too_old(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = type_in(capsys, "status", NAME, "--max-age", "26h")
    assert code == 3
    assert "the newest night is none" in said


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("age", ["26", "1w", "-1h", "h", "9" * 4096 + "h"])
def test_an_age_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], age: str) -> None:
    code, said = type_in(capsys, "status", NAME, f"--max-age={age}")
    assert code == 64
    assert "write hours or days" in said


DECIDING: dict[str, Any] = {**decide.COMMANDS, **keep.COMMANDS}
WITH_REASON = [name for name, one in DECIDING.items() if "reason" in signature(one).parameters]


@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 2_001])
@pytest.mark.parametrize("command", WITH_REASON)
def test_no_command_takes_a_reason_that_is_none(world: World, command: str, reason: str) -> None:
    night = [str(day(0))] if "as_of" in signature(DECIDING[command]).parameters else []
    with pytest.raises(ValidationError, match="is no reason"):
        app([command, NAME, *night, "--reason", reason], exit_on_error=False, print_error=False)
    assert not (world.root / "store").exists()
