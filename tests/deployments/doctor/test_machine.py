"""Folders without room or rights, packages outside their ranges, project files that break."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from deployments.doctor import machine
from tests.building.project import NAME
from tests.building.world import World
from tests.deployments.doctor.looking import look, look_at


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_sound_machine_is_told_so(world: World) -> None:
    found = look("versions", "cache folder", "store folder", "projects")
    assert [one.state for one in found.values()] == ["ok"] * 4, found
    assert NAME in found["projects"].saw
    assert not (world.root / "cache").exists(), "looking makes no folder"


def test_a_cache_that_cannot_be_written_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("DRIFTLOOP_CACHE", str(tmp_path / "file" / "cache"))
    found = look_at("cache folder")
    assert found.state == "FAIL"
    assert "cannot be written" in found.saw
    assert "DRIFTLOOP_CACHE" in found.steps[0]


@pytest.mark.parametrize(("free", "state"), [(10**8, "FAIL"), (10**9, "warn"), (10**10, "ok")])
def test_a_full_disk_is_found_before_the_night_finds_it(
    free: int, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**11, 10**11 - free, free))
    found = look_at("store folder")
    assert found.state == state
    assert state == "ok" or found.steps[0].startswith("free some space")


def test_a_package_outside_its_range_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "requires", lambda _: ["pandas<2", "no-such-package>=1"])
    found = look_at("versions")
    assert found.state == "FAIL"
    assert "pandas 3." in found.saw
    assert "no-such-package is not installed" in found.saw
    assert found.steps == ("install what requirements.lock lists: make check",)


def test_a_project_file_that_breaks_is_named_with_its_problem(world: World) -> None:
    broken = world.root / "projects" / "broken.py"
    broken.write_text("PROJECT = None\n")
    found = look_at("projects")
    assert found.state == "FAIL"
    assert "broken: " in found.saw
    assert str(broken) in found.steps[0]
