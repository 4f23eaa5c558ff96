"""`driftloop ladder`: the table, why a family is proposed, what fails, what is refused.

The orders of these tests are returned as a linear model would have it: dear ones, and the north's.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from schemas.errors import ModelUnusable, NotYet
from tests.building.customers import GROUPED, deliver_customers
from tests.building.fixtures import GROWN
from tests.building.project import NAME
from tests.building.rows import ROWS, build_orders, day
from tests.building.world import World
from tests.deployments.commands.test_keep import type_in

FAST = "ladder=(Prior(), Linear(), Tree(), XGBoost(n_rounds=30, max_depth=4))"
FEW = 29  # the newest night's labels are not complete yet


def _climb(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    code, said = type_in(capsys, "ladder", NAME, "--json")
    assert code == 0, said
    made: dict[str, Any] = json.loads(said)
    return made


def _label_corners(world: World, number: int, orders: pd.DataFrame, strength: float) -> None:
    """Labels that no sum of effects tells: dear orders of small incomes, cheap ones of large."""
    score = np.where((orders["amount"] > 0) != (orders["income"] > 50), strength, -strength)
    returned = np.random.default_rng(number).random(len(score)) < 1 / (1 + np.exp(-score))
    keys = orders["row_key"]
    world.label(number, pd.DataFrame({"row_key": keys, "returned": returned.astype(int)}))


def _corners(world: World, strength: float) -> None:
    world.declare(FAST)
    for number in range(FEW):
        _label_corners(world, number, world.deliver(number, build_orders(number, 60)), strength)
    world.history(0, FEW - 1)


def test_a_linear_truth_stops_the_ladder_at_linear_and_one_record_is_stored(
    grown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare(FAST)
    before = grown.files()
    climbed = _climb(capsys)
    assert climbed["chosen"]["kind"] == "Linear"
    prior, linear, tree, _ = climbed["families"]
    assert prior["behind"] > 5 * prior["standard_error"]
    assert linear["loss"] < tree["loss"]
    assert (len(climbed["cuts"]), climbed["nights"], climbed["rows"]) == (8, 56, 56 * ROWS)
    assert grown.files().keys() - before.keys() == {climbed["stored"]}


def test_the_table_ends_with_the_line_to_write_and_what_the_gate_does(
    grown: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare(FAST)
    page = tmp_path / "ladder.html"
    lines = type_in(capsys, "ladder", NAME, "--page", str(page))[1].splitlines()
    first, last = day(GROWN - 56), day(GROWN - 7)
    assert lines[0].startswith(f"{NAME} ladder: 8 cut-offs from {first} to {last};")
    assert [line.split()[0] for line in lines[2:7]] == [
        *("FAMILY", "Prior()", "Linear()", "Tree()", "XGBoost(n_rounds=30,")
    ]
    assert lines[8].startswith("Linear: the best")
    assert lines[9:] == [
        "To take it, in the project file:",
        "    from tasks.families.linear import Linear",
        "    family=Linear(),",
        "That is a change of recipe: the next retrain judges it against the champion's on nights "
        "that neither has seen, and only a better one is promoted.",
        str(page),
    ]
    text = page.read_text()
    assert text.count('<script type="application/json">') == 1
    assert "<b>Linear()</b>" in text


def test_what_the_project_has_already_needs_no_change(
    grown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare("ladder=(Prior(), Linear()), family=Linear()")
    said = type_in(capsys, "ladder", NAME)[1]
    assert said.endswith("That is the project's own family: nothing to change.\n")


def test_a_truth_of_corners_climbs_to_trees(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _corners(world, strength=3)
    climbed = _climb(capsys)
    assert climbed["chosen"]["kind"] in ("Tree", "XGBoost")
    assert climbed["families"][1]["behind"] > 5 * climbed["families"][1]["standard_error"]


def test_where_nothing_is_learned_it_says_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _corners(world, strength=0)
    said = type_in(capsys, "ladder", NAME)[1]
    assert "No family learns more than the constant here: look at the features first." in said
    assert "family=" not in said


def test_a_family_that_fails_is_a_row_and_a_reason(
    grown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare("ladder=(Prior(), XGBoost(increasing=('weight',)), Linear())")
    climbed = _climb(capsys)
    assert climbed["chosen"]["kind"] == "Linear"
    assert "name weight, which are no features" in climbed["families"][1]["failure"]
    said = type_in(capsys, "ladder", NAME)[1]
    assert "XGBoost(increasing=('weight',)) failed: fitting failed" in said


def test_where_every_family_fails_the_reason_is_told(
    grown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare("ladder=(XGBoost(increasing=('weight',)),)")
    code, said = type_in(capsys, "ladder", NAME)
    assert code == ModelUnusable.exit_code
    assert f"{NAME}: every family failed, the first: fitting failed" in said


def test_too_few_nights_are_told_with_how_many_it_takes(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    young.declare("label_delay=3")
    code, said = type_in(capsys, "ladder", NAME)
    assert code == NotYet.exit_code
    assert f"{NAME}: a ladder needs 30 labelled nights" in said


def test_held_out_groups_judge_alone(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.declare(f"{GROUPED}, {FAST}")
    for number in range(FEW):
        deliver_customers(world, number)
    world.history(0, FEW - 1)
    assert _climb(capsys)["rows"] < 14 * ROWS / 2
    assert "rows of held-out groups of customer alone" in type_in(capsys, "ladder", NAME)[1]


def test_without_a_ladder_every_shipped_family_is_tried_the_projects_own_in_its_place(
    grown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    grown.declare("rounds=7")
    tried = [one["family"] for one in _climb(capsys)["families"]]
    assert [one["kind"] for one in tried] == ["Prior", "Linear", "Tree", "XGBoost", "Neural"]
    assert tried[3]["n_rounds"] == 7
