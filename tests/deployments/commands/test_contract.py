"""The command contract, on a project whose feed changed."""

import json

import pytest

from deployments.commands.contract import contract
from tasks.core.contract_diff import tell_rules
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.world import World

PATIENCE = (
    "contract=OrdersWithPatience, features=(Numbers(columns=('amount', 'hour', 'patience',"
    " 'income')), Categories(columns=('shop',)))"
)
RENAMED = "cleaning=(Rename(columns={'wait': 'patience'}),)"


@pytest.fixture
def championed(young: World) -> World:
    """A project with a champion that stored its contract."""
    young.live(YOUNG + 1)
    return young


def diff(world: World, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and what was printed."""
    assert world.champion
    with pytest.raises(SystemExit) as ended:
        contract("diff", NAME)
    return int(ended.value.code or 0), capsys.readouterr().out


def test_an_unchanged_contract_is_said_to_be_so(
    championed: World, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = diff(championed, capsys)
    assert (code, "is the one that" in told) == (0, True)


def test_a_renamed_column_breaks_until_cleaning_renames_it(
    championed: World, capsys: pytest.CaptureFixture[str]
) -> None:
    championed.declare(PATIENCE)
    code, told = diff(championed, capsys)
    assert (code, "declare Rename or FillDefault" in told) == (1, True)
    championed.declare(f"{PATIENCE}, {RENAMED}")
    code, told = diff(championed, capsys)
    assert "cleaning gives it to nights before" in told
    assert (code, "a champion that needs it cannot score" in told) == (1, True)


def test_show_lists_every_column_with_its_rules(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.declare()
    contract("show", NAME, json=True)
    columns = json.loads(capsys.readouterr().out)
    assert [column["name"] for column in columns][-1] == "returned"
    contract("show", NAME)
    assert "greater_than_or_equal_to(0), less_than_or_equal_to(23)" in capsys.readouterr().out


def test_numbers_are_told_as_numbers_and_words_as_words() -> None:
    allowed = {"nullable": False, "unique": False}
    check = {"name": "isin", "allowed_values": ["0.0", "1.0"]}
    number = {**allowed, "dtype": "float64", "checks": [check]}
    assert tell_rules(number) == "isin([0.0, 1.0])"
    assert tell_rules({**number, "dtype": "str"}) == "isin(['0.0', '1.0'])"
