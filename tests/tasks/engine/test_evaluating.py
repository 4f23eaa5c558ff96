"""Gathering the rows of gate nights: very many are thinned, a missing column has missing words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from schemas.evaluation import TIME_OF_DAY, Evaluation
from tasks.core.evaluation import MISSING
from tasks.engine.evaluating import Evaluating
from tasks.engine.replay.past import setting_of
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


def _by_time_of_day(times: pd.DatetimeIndex) -> Evaluation | None:
    draw = np.random.default_rng(3)
    declared = replace(setting_of(build_project(timezone="Europe/Vienna")), time="sold_at")
    evaluating = Evaluating.of(declared, 3 * len(times))
    for _ in range(3):
        target = (draw.random(len(times)) < 0.3).astype(float)
        frame = pd.DataFrame({"sold_at": times})
        evaluating.add(frame, target, draw.random(len(times)), draw.random(len(times)))
    return evaluating.evaluation()


def test_every_project_is_evaluated_by_the_time_of_its_own_day() -> None:
    found = _by_time_of_day(pd.date_range("2026-01-05 04:00", periods=8, freq="h", tz="UTC"))
    assert found is not None
    assert [(one.word, one.rows) for one in found.slices] == [
        ("06 to 11", 18),
        ("00 to 05", 3),
        ("12 to 17", 3),
    ]
    assert {one.column for one in found.slices} == {TIME_OF_DAY}
    assert [one.is_declared for one in found.slices] == [False] * 3
    names = [one.metric for one in found.slices[0].metrics]
    assert names == ["log_loss", "auc", "precision", "recall"]
    assert all(one.challenger.spreads for one in found.slices[0].metrics)


def test_rows_of_one_time_of_day_are_no_slice() -> None:
    found = _by_time_of_day(pd.date_range("2026-01-05 08:00", periods=8, freq="min", tz="UTC"))
    assert found is not None
    assert found.slices == ()
