"""Gathering the rows of gate nights: very many are thinned, a missing column has missing words."""

import numpy as np
import pandas as pd
import pytest

from schemas.evaluation import Evaluation
from tasks.core.evaluation import MISSING
from tasks.engine.evaluating import Evaluating
from tests.building.project import build_project

ROWS = 300


def _evaluate(rows: int, columns: tuple[str, ...] = ("shop",)) -> Evaluation | None:
    """Three nights of 300 rows, announced as `rows` in all; the first lacks other columns."""
    draw = np.random.default_rng(2)
    evaluating = Evaluating.of(build_project(slices=("shop",)), rows)
    for night in range(3):
        frame = pd.DataFrame({"amount": draw.normal(size=ROWS)})
        if night > 0:
            frame = frame.assign(**dict.fromkeys(columns, "north"))
        target = (draw.random(ROWS) < 0.3).astype(float)
        evaluating.add(frame, target, draw.random(ROWS), draw.random(ROWS))
    return evaluating.evaluation()


def test_very_many_rows_are_thinned_evenly_over_nights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.engine.evaluating.ROWS", 300)
    thinned = _evaluate(rows=900)
    assert thinned is not None
    assert (thinned.rows, thinned.nights) == (300, 3)
    assert [one.rows for one in thinned.slices] == [200, 100]


def test_a_night_before_the_column_has_rows_without_a_word() -> None:
    whole = _evaluate(rows=900)
    assert whole is not None
    assert [(one.word, one.rows) for one in whole.slices] == [("north", 600), (MISSING, 300)]


def test_no_rows_are_no_evaluation() -> None:
    evaluating = Evaluating.of(build_project(), 0)
    assert evaluating.evaluation() is None
    evaluating.add(pd.DataFrame({"amount": []}), *[np.array([])] * 3)
    assert evaluating.evaluation() is None
