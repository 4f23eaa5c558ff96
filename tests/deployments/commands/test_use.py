"""`driftloop pull` as a person types it, and as a service runs it beside itself."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deployments.cli import app
from deployments.commands.use import _own_kinds
from tests.architecture.tree import ROOT
from tests.building.project import NAME
from tests.building.world import World
from tests.deployments.commands.test_edge import type_in

OWN_STEP = '''"""A project with a feature step of its own."""

import numpy as np

from schemas.project import FeatureStep, Matrix
from tests.building.project import *


class Waits(FeatureStep):
    def fit(self, frame):
        return {}

    def transform(self, frame, state):
        return Matrix(("waits",), ("number",), frame[["wait"]].to_numpy(np.float32))


PROJECT = build_project(features=(Waits(), Categories(columns=("shop",))))
'''
COMMAND = "from deployments.cli import main; main()"


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the two seconds of a version's first load in a child."""
    monkeypatch.setattr("tasks.engine.pull.pull.try_in_child", lambda *_: None)


@pytest.mark.usefixtures("untried")
def test_a_pull_says_what_it_did(
    young: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, champion = tmp_path / "srv", young.champion

    def said() -> str:
        app(["pull", NAME, str(folder)], result_action="return_value")
        return capsys.readouterr().out

    assert said() == f"{folder}/current: now {champion}\n"
    assert said() == f"{folder}/current: {champion} is whole, nothing to do\n"
    (folder / "current" / "model.ubj").unlink()
    assert said() == f"{folder}/current: {champion} was mended\n"
    code, refused = type_in(capsys, "pull", NAME, str(folder), "--version", "v" + "0" * 16)
    assert (code, refused.count("\n")) == (66, 0)
    assert refused.endswith(f"history {NAME} lists them. {folder}/current stays at {champion}")


def test_what_cannot_be_pulled_is_one_sentence_and_an_exit_code(
    young: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "srv")
    cases = {
        ("nobody", folder): (64, "no project 'nobody'"),
        ("../shop", folder): (64, "lower-case letters"),
        ("bikes", folder): (66, "there is no champion yet"),
        (NAME, str(tmp_path / "projects" / f"{NAME}.py")): (64, "name a folder"),
        (NAME, folder, "--version", "../v1"): (64, "expected v"),
        (NAME, folder, "--watch", "0"): (64, "above 0"),
        (NAME, folder, "--watch", "inf"): (64, "above 0"),
        (NAME, folder, "--version", str(young.champion), "--watch"): (64, "choose one"),
    }
    for words, (code, said) in cases.items():
        got, message = type_in(capsys, "pull", *words)
        assert (got, said in message, len(message.splitlines())) == (code, True, 1), message


@pytest.mark.usefixtures("untried")
def test_a_machine_without_the_project_file_pulls_as_well(
    young: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (young.root / "projects" / f"{NAME}.py").unlink()
    assert type_in(capsys, "pull", NAME, str(tmp_path / "srv")) == (0, "")


def test_a_projects_own_kinds_are_told_from_shipped_ones(young: World) -> None:
    assert _own_kinds(NAME) == frozenset()
    (young.root / "projects" / f"{NAME}.py").write_text(OWN_STEP)
    assert _own_kinds(NAME) == {"Waits"}


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_a_watching_process_ends_cleanly_when_it_is_told_to(
    young: World, tmp_path: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-c", COMMAND, "pull", NAME, str(tmp_path / "srv"), "--watch", "9"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(number)
        assert process.communicate(timeout=30) == ("", "")
    assert line == f"{tmp_path}/srv/current: now {young.champion}\n"
    assert process.returncode == 0
