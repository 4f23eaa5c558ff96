"""Columns that seem to know the label are suspected; honest ones are not."""

import numpy as np
import pandas as pd
import pytest

from schemas.project import Task
from tasks.inferring.kinds import see
from tasks.inferring.leaks import suspected_leaks

SIZE = 600
DRAW = np.random.default_rng(2)
HONEST = DRAW.normal(size=SIZE)
FLAGS = (HONEST + DRAW.normal(size=SIZE) > 0).astype(float)
AMOUNTS = (HONEST * 3 + DRAW.normal(size=SIZE) * 3).round(3)


def suspect(task: Task, target: np.ndarray, **columns: object) -> dict[str, str]:
    """What is suspected of these columns."""
    seen = {name: see(name, pd.Series(values), "UTC") for name, values in columns.items()}
    return suspected_leaks(seen, pd.Series(target), task, np.arange(len(target)) // 20)


@pytest.mark.parametrize(("task", "target"), [("binary", FLAGS), ("regression", AMOUNTS)])
def test_honest_columns_are_not_suspected(task: Task, target: np.ndarray) -> None:
    words = np.where(DRAW.random(SIZE) < 0.5, "a", "b")
    gaps = np.where(DRAW.random(SIZE) < 0.2, np.nan, HONEST)
    single = [f"row {number}" for number in range(SIZE)]
    found = suspect(
        task, target, honest=HONEST, words=words, gaps=gaps, single=single, same=["v1"] * SIZE
    )
    assert found == {}


def test_the_target_itself_and_what_rises_with_it_are_suspected() -> None:
    found = suspect("regression", AMOUNTS, copy=AMOUNTS, cube=AMOUNTS**3, falls=-AMOUNTS)
    assert set(found) == {"copy", "cube", "falls"}
    assert "follow from each other" in found["copy"]


def test_a_word_for_each_label_is_suspected() -> None:
    assert "said" in suspect("binary", FLAGS, said=np.where(FLAGS == 1, "yes", "no"))


def test_a_column_that_alone_nearly_determines_the_target_is_suspected() -> None:
    near = AMOUNTS + DRAW.normal(size=SIZE) / 9
    said = suspect("regression", AMOUNTS, near=near)["near"]
    assert "alone nearly determines the target (rank correlation" in said


def test_a_gap_that_tells_the_label_is_suspected_either_way_round() -> None:
    words = pd.Series(["x", "y"] * (SIZE // 2))
    found = suspect("binary", FLAGS, reason=words.where(FLAGS == 1), fine=words.where(FLAGS == 0))
    assert set(found) == {"reason", "fine"}
    assert all("where it is null" in said for said in found.values())


def test_a_column_that_is_filled_only_with_labels_is_suspected() -> None:
    late = np.arange(SIZE) >= SIZE - 60
    target = np.where(late, np.nan, AMOUNTS)
    found = suspect("regression", target, after=np.where(late, np.nan, HONEST), honest=HONEST)
    assert found == {"after": "filled only where the target is known"}


@pytest.mark.parametrize("how", ["sum", "difference", "product"])
def test_two_columns_that_make_the_target_are_suspected_together(how: str) -> None:
    left, right = DRAW.integers(1, 50, SIZE) * 1.0, DRAW.integers(1, 50, SIZE) * 1.0
    made = {"sum": left + right, "difference": right - left, "product": left * right}[how]
    found = suspect("regression", made, left=left, right=right, honest=HONEST)
    assert found == {
        "left": f"with 'right', their {how} is the target",
        "right": f"with 'left', their {how} is the target",
    }


def test_too_few_labels_suspect_nothing() -> None:
    assert suspect("binary", FLAGS[:40], copy=FLAGS[:40]) == {}
