"""`driftloop rebuild`: 0 where bytes are equal, else 1 and why; as text and as data."""

import json

import pytest

from deployments.commands.trust import rebuild
from schemas.errors import InvalidName, NotYet
from tasks.features.numbers import Numbers
from tests.building.project import NAME
from tests.building.world import World


def test_equal_bytes_are_told_and_end_well(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    rebuild(NAME)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{NAME} {young.champion}"
    assert said[1].startswith("  served     ")
    assert "equal" in said[1]
    rebuild(NAME, young.champion, json=True)
    assert json.loads(capsys.readouterr().out)["equal"] is True


def test_other_bytes_exit_1(
    young: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Numbers, "fit", lambda *_: {"another": 1})
    with pytest.raises(SystemExit) as stopped:
        rebuild(NAME, young.champion, json=True)
    assert stopped.value.code == 1
    assert json.loads(capsys.readouterr().out)["equal"] is False


def test_what_is_no_version_is_refused(world: World) -> None:
    with pytest.raises(NotYet, match="there is no champion yet"):
        rebuild(world.project.name)
    with pytest.raises(InvalidName, match="model version"):
        rebuild(NAME, "../../etc")
