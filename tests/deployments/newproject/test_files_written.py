"""The two files: what a colleague would write, and never code that the data brought along."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deployments.newproject.contract_file import write_contract
from deployments.newproject.folder import place
from deployments.newproject.naming import attribute_names, class_name, contract_module
from deployments.newproject.project_file import write_project
from deployments.newproject.python import comment, literal
from deployments.newproject.sampling import FromFiles
from flows.load import load_module
from schemas.contract import columns_of, target_of
from schemas.names import NAME_RULE
from schemas.project import Project
from tasks.inferring.asked import Asked
from tasks.inferring.infer import infer
from tasks.inferring.zones import guess_zone
from tests.architecture.tree import ROOT
from tests.building.sales import build_sales

HOSTILE = [
    *("'; import os #", "{x}", '"""', "'''", "\\", "a\\", "line\nbreak", "\r", "\t", "#", "%s"),
    *("class", "None", "match", "Config", "schema", "validate", "to_schema", "column", "Series"),
    *("pa", "pd", "Annotated", "str", "float", "_x", "__class__", "2nd", "größe", "ﬁ", "{", "\x7f"),
    *(
        "a b",
        "a-b",
        "a_b",
        "x" * 300,
        "\ud7ff",
        "\u2028",
        "\u202egnp",
        "# fmt: off",
        "__import__()",
    ),
]
LOUD = '"; raise SystemExit("code"); "'


def build_hostile() -> pd.DataFrame:
    """Thirty nights whose columns, words and sentinels all try to be code."""
    size = 600
    draw = np.random.default_rng(4)
    times = pd.date_range("2026-01-01", periods=size, freq="72min").astype("str")
    frame = pd.DataFrame({name: draw.normal(size=size) for name in HOSTILE})
    frame["\n#"] = draw.choice([LOUD, "'''", "\\'"], size)
    frame["n\n/a"] = np.where(draw.random(size) < 0.1, "n/a", draw.normal(size=size).astype("str"))
    frame["t\n"], frame[LOUD] = times, draw.integers(0, 2, size)
    return frame


def write(frame: pd.DataFrame, asked: Asked, name: str = "some") -> dict[str, str]:
    """Both files of a sample."""
    nights = sorted({pd.Timestamp(at).date() for at in frame[asked.time]})
    guess = infer(frame, asked, guess_zone(frame[asked.time]), divides=True, every=nights)
    return {
        f"{contract_module(name)}.py": write_contract(name, guess),
        f"{name}.py": write_project(name, guess, FromFiles("some/rows.csv")),
    }


def load(folder: Path, texts: dict[str, str]) -> Project:
    """The project, put into a folder as the command puts it."""
    folder.mkdir(exist_ok=True)
    place({folder / name: text for name, text in texts.items()})
    project = load_module(folder / list(texts)[-1]).PROJECT
    assert isinstance(project, Project)
    return project


def test_hostile_names_are_columns_of_the_contract_and_nothing_else(tmp_path: Path) -> None:
    frame = build_hostile()
    project = load(tmp_path / "p", write(frame, Asked("t\n", LOUD)))
    declared = {*columns_of(project.contract), str(target_of(project.contract).name)}
    assert declared == {*frame.columns, "row_key"}
    assert project.target == LOUD


def test_nothing_of_the_data_becomes_code() -> None:
    for text in write(build_hostile(), Asked("t\n", LOUD)).values():
        tree = ast.parse(text)
        called = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
        assert called <= {
            *("column", "Project", "Files", "Numbers", "Categories", "Calendar", "XGBoost"),
            *("NotWorse", "Better", "BeatsPrior", "Policy", "NullSentinels", "NormaliseWords"),
        }
        assert not [n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr)]


@pytest.mark.parametrize(("frame", "asked"), [(build_sales(), Asked("sold_at", "returned"))])
def test_files_are_as_ruff_writes_them(tmp_path: Path, frame: pd.DataFrame, asked: Asked) -> None:
    texts = write(frame, asked, name="two-words")
    wide = frame.assign(**{f"a_rather_long_name_of_a_column_{n}": 1.5 * n for n in range(20)})
    texts |= write(wide, asked, name="wide")
    texts |= write(build_hostile().drop(columns="x" * 300), Asked("t\n", LOUD), name="hostile")
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    ruff = [str(Path(sys.executable).with_name("ruff"))]
    settings = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", str(tmp_path)]
    checked = subprocess.run(
        [*ruff, "check", "--ignore", "TID252", *settings], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
    formatted = subprocess.run(
        [*ruff, "format", "--diff", *settings], capture_output=True, text=True
    )
    assert formatted.returncode == 0, formatted.stdout


def test_every_guess_stands_as_a_comment_at_the_column_it_is_about() -> None:
    contract, project = write(build_sales(), Asked("sold_at", "returned")).values()
    lines = contract.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("    refund:"))
    assert "a leak?" in " ".join(lines[at - 2 : at])
    personal = '    email: Series[str] = column("ignored", sensitive=True, nullable=True)'
    assert lines.index(personal) < at
    assert "values=(-999,)" in project
    assert "label_delay=3" in project


def test_no_value_of_a_sensitive_column_is_written() -> None:
    frame = build_sales().assign(shop="north")
    frame["last_name"] = np.where(np.arange(len(frame)) % 2, "Huber", "Maier")
    for text in write(frame, Asked("sold_at", "returned")).values():
        assert "Huber" not in text
        assert "@" not in text


@pytest.mark.parametrize("name", ["sales", "2go", "a-b", "none", "files", "series", "0", "x-"])
def test_any_project_name_makes_files_that_load(tmp_path: Path, name: str) -> None:
    frame = build_sales(nights=4, rows=20)
    project = load(tmp_path / "p", write(frame, Asked("sold_at", "returned"), name=name))
    assert project.name == name
    assert class_name(name).isidentifier()
    assert not re.fullmatch(NAME_RULE, contract_module(name))


def test_ten_thousand_columns_have_names_of_their_own() -> None:
    names = attribute_names([f"{a} {b}" for a in range(100) for b in ("x", "-", "é", "")] * 25)
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize("text", [*HOSTILE, LOUD, "\ud800", "𝔘", "a\"b'c", "\x00"])
def test_a_literal_is_the_text_itself(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert literal(text).isprintable()


def test_a_comment_ends_with_its_line() -> None:
    text = comment("a\nimport os\r\x0c\u2028 # b " + "x" * 300, 4)
    assert all(line.startswith("    # ") and len(line) <= 100 for line in text.split("\n")[:-1])
    assert text.endswith("\n")
