"""The texts beside pulled models whose chances are calibrated; that they run is `.test_serving`."""

import ast
import re
from itertools import product

import pytest

from schemas.model import Card
from tasks.engine.pull.example import example_of
from tasks.engine.pull.mean_example import mean_of
from tasks.families.linear import Linear
from tasks.families.neural import Neural
from tasks.families.platt import Platt
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost
from tasks.store import Store, keys
from tests.building.project import NAME
from tests.building.serving import champions

pytestmark = pytest.mark.usefixtures("untried")


def test_whichever_family_is_inside_its_chances_are_moved_where_they_leave(store: Store) -> None:
    card = store.record(keys.card(NAME, champions(store)[0]), Card)
    tasks = (("binary", example_of), ("multiclass", example_of), ("binary", mean_of))
    for family, (task, of_card) in product((Linear(), Neural(), Tree(), XGBoost()), tasks):
        recipe = {"family": Platt(family=family).model_dump(mode="json")}
        text = of_card(card.model_copy(update={"recipe": recipe, "task": task}))
        assert text
        ast.parse(text)
        assert "from rescaled import rescale\n" in text
        assert len(re.findall(r"LINES? = .*calibration", text)) == 1
        assert len(re.findall(r"return rescale\(.+, \*(LINE|line)\)\n", text)) == 1
