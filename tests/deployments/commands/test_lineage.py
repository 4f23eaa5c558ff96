"""The command lineage: what it takes for WHAT, as a tree and as data."""

import json
from pathlib import Path

import pytest

from deployments.commands.lineage import lineage
from schemas.errors import InvalidName, NotYet
from tasks.store import keys
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.source import ORDERS
from tests.building.world import World


def test_the_champion_is_told_as_a_tree_and_as_data(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    lineage(NAME)
    tree = capsys.readouterr().out.splitlines()
    assert tree[0] == f"{NAME} {young.champion}, card {keys.card(NAME, str(young.champion))}"
    assert any(f"{day(YOUNG - 1)}{ORDERS}" in line and "sha256" in line for line in tree)
    assert f"and {YOUNG - 5} more, neither revised nor bad: --json names them" in "\n".join(tree)
    lineage(NAME, young.champion, json=True)
    told = json.loads(capsys.readouterr().out)
    assert len(told["fits"][0]["trained_on"]) == YOUNG


def test_a_night_and_a_predictions_file_are_told_by_name_and_by_path(
    young: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    young.live(YOUNG + 1)
    lineage(NAME, str(day(YOUNG + 1)), json=True)
    (scored,) = json.loads(capsys.readouterr().out)["predictions"]
    copy = tmp_path / "scores.parquet"
    copy.write_bytes(young.files()[keys.data(NAME, scored["sha256"], "parquet")])
    lineage(NAME, str(copy))
    assert scored["key"] in capsys.readouterr().out


@pytest.mark.usefixtures("young")
@pytest.mark.parametrize(
    ("what", "error", "said"),
    [
        ("v0123456789abcdef", NotYet, "there is no model version v0123456789abcdef"),
        ("1999-01-01", NotYet, "night 1999-01-01 has no batch"),
        ("2024-02-31", InvalidName, "write a date as YYYY-MM-DD"),
        ("no-such-file", InvalidName, "no model version, no night as YYYY-MM-DD and no file"),
        ("\0", InvalidName, "no model version, no night"),
        ("a" * 5_000, InvalidName, "no model version, no night"),
        ("", InvalidName, "no model version, no night"),
    ],
)
def test_what_is_nothing_of_the_kind_is_refused(
    what: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        lineage(NAME, what)


@pytest.mark.usefixtures("world")
def test_without_a_champion_there_is_no_default() -> None:
    with pytest.raises(NotYet, match="there is no champion yet"):
        lineage(NAME)
