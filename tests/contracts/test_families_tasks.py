"""What model families promise of single tasks: two classes, counts, weights."""

from dataclasses import replace

import numpy as np
import pytest

from schemas.project import ModelFamily, Task
from tasks.families.linear import Linear
from tasks.families.neural import Neural
from tasks.families.platt import Platt
from tasks.families.prior import Prior
from tasks.families.tree import Tree
from tests.contracts.families import FAMILIES, build_matrix, build_target, mean_square, name_of

COUNTING = [family for family in FAMILIES if not family.objection("count")]


def test_two_classes_of_words_are_as_good_as_a_flag(family: ModelFamily) -> None:
    features = build_matrix()
    target = build_target(features, "binary")
    said = family.predict(family.fit(features, target, "multiclass", 0), features)
    assert said.shape == (600, 2)
    flag = family.predict(family.fit(features, target, "binary", 0), features)
    assert mean_square(target, said) == pytest.approx(mean_square(target, flag), rel=0.2)


@pytest.mark.parametrize("family", COUNTING, ids=name_of)
@pytest.mark.parametrize("value", [-1.0, 2.5])
def test_labels_that_are_no_counts_are_refused(family: ModelFamily, value: float) -> None:
    features = build_matrix()
    target = build_target(features, "count")
    target[5] = value
    with pytest.raises(ValueError, match="1 of 600 labels are no counts"):
        family.fit(features, target, "count", 0)


def test_weights_say_what_a_row_counts_for(family: ModelFamily, task: Task) -> None:
    features = build_matrix()
    target = build_target(features, task)
    favoured = target == 2 if task == "multiclass" else target > target.mean()
    weighted = replace(features, weights=np.where(favoured, 50.0, 1.0))
    if isinstance(family, Neural) and task == "regression":
        with pytest.raises(ValueError, match="cannot weigh rows of a regression"):
            family.fit(weighted, target, task, 0)
        return
    if isinstance(family, Platt):  # its line takes every row as one again
        return
    usual = family.predict(family.fit(features, target, task, 0), features)
    said = family.predict(family.fit(weighted, target, task, 0), features)
    if task == "multiclass":
        usual, said = usual[:, -1], said[:, -1]
    assert said.mean() > usual.mean()


@pytest.mark.parametrize("family", [Linear(), Prior(), Tree(min_rows=1)], ids=name_of)
def test_a_weight_of_two_is_the_row_twice(family: ModelFamily, task: Task) -> None:
    features = build_matrix()
    features.values[:, 0] = np.round(features.values[:, 0])
    target = build_target(features, task)
    twice = np.repeat(np.arange(600), np.where(np.arange(600) % 3 == 0, 2, 1))
    weighted = replace(features, weights=np.where(np.arange(600) % 3 == 0, 2.0, 1.0))
    repeated = replace(features, values=features.values[twice])
    said = family.predict(family.fit(weighted, target, task, 0), features)
    expected = family.predict(family.fit(repeated, target[twice], task, 0), features)
    assert np.abs(said - expected).mean() <= 0.1 * target.std()


@pytest.mark.parametrize(
    ("weight", "said"), [(-1.0, "1 of 600 weights"), (np.nan, "1 of 600"), (0.0, "all 600")]
)
def test_weights_that_are_none_are_refused(family: ModelFamily, weight: float, said: str) -> None:
    features = build_matrix()
    weights = np.where(np.arange(600) == 5, weight, 0.0 if weight == 0 else 1.0)
    with pytest.raises(ValueError, match=said):
        family.fit(
            replace(features, weights=weights), build_target(features, "binary"), "binary", 0
        )
