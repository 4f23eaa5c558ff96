"""The copy that lies beside a model makes the features that the real steps make."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import tasks.features
from flows.find import find_project
from schemas.project import FeatureStep
from tasks.core.checking import check_rows
from tasks.engine.pull.bundle import _FIELDS
from tasks.engine.pull.features import STEPS, build_matrix, describe
from tasks.features.build import build_features, fit_features
from tasks.features.calendar import Calendar
from tests.building.serving import as_rows
from tests.building.steps import build_every_step, every_step_of
from tests.contracts.found import find_kinds
from tests.tasks.features.frames import make_flights

NIGHTS = 5


def _compare(steps: tuple[FeatureStep, ...], training: pd.DataFrame, frame: pd.DataFrame) -> None:
    states = fit_features(steps, training)
    real = build_features(steps, states, frame)
    told = [
        {**step.model_dump(mode="json"), "state": state}
        for step, state in zip(steps, states, strict=True)
    ]
    stored = json.loads(json.dumps(told))
    np.testing.assert_array_equal(build_matrix(stored, as_rows(frame)), real.values)
    assert describe(stored) == list(zip(real.names, real.kinds, strict=True))


@pytest.mark.parametrize("name", ["beijing", "bikes", "electricity", "flights", "metro"])
def test_real_rows_of_shipped_projects_become_equal_features(
    name: str, landing_zone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTLOOP_LANDING", str(landing_zone))
    project = find_project(name)
    if hint := project.source.missing_hint():
        pytest.skip(hint)
    nights = []
    for night in project.source.nights()[:NIGHTS]:
        raw = project.source.read(night)
        assert raw is not None
        nights.append(check_rows(raw.frame, project.contract, 0.0).kept)
    for steps in (project.features, every_step_of(project)):
        _compare(steps, pd.concat(nights[:-1], ignore_index=True), nights[-1])
        _compare(steps, pd.concat(nights, ignore_index=True), nights[-1])


def test_gaps_unknown_words_and_extremes_become_equal_features() -> None:
    frame = make_flights(rows=200, seed=1)
    frame.loc[:20, "carrier"] = None
    frame.loc[10:40, "dest"] = "nowhere"
    frame.loc[50:60, "distance"] = [np.nan, np.inf, -np.inf, 1e39, -1e39, 1e-46, 0, -0.0, 1, 2, 3]
    steps = build_every_step(("seats", "year_built", "distance"), ("carrier", "dest"), "late")
    _compare(steps, make_flights(rows=300), frame)
    _compare(steps, make_flights(rows=0), frame)
    _compare(steps, frame, frame.head(0))
    _compare(steps, frame.head(40), frame)
    steps = build_every_step(("seats", "distance", "year_built"), ("carrier", "dest"), "late")
    _compare(steps, frame, frame)


def test_every_shipped_step_has_its_copy_and_no_field_that_the_copy_does_not_know() -> None:
    shipped = [kind.__name__ for kind in find_kinds(tasks.features, FeatureStep)]
    assert sorted(STEPS) == shipped
    known = {  # a step that gains a field needs a copy that knows it
        "Bins": {"kind", "columns", "bins"},
        "Calendar": {"kind", "zone", "column", "parts"},
        "Categories": {"kind", "columns", "max_categories", "min_rows"},
        "Differences": {"kind", "pairs"},
        "FillFromGroup": {"kind", "columns", "by", "key", "min_rows", "donors"},
        "Frequencies": {"kind", "columns"},
        "Holidays": {"kind", "zone", "country", "subdivision", "column", "cap"},
        "Impute": {"kind", "columns", "constant"},
        "Numbers": {"kind", "columns"},
        "Ratios": {"kind", "pairs"},
        "TargetMeans": {"kind", "columns", "target", "zone", "column", "folds", "smoothing"},
    }
    assert known == _FIELDS


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({}, KeyError),
        ({"event_time": "2026-03-01T08:30:00"}, ValueError),
        ({"event_time": "yesterday"}, ValueError),
    ],
)
def test_what_a_row_lacks_is_an_error_not_a_guess(
    row: dict[str, Any], error: type[Exception]
) -> None:
    step = {**Calendar(zone="UTC").model_dump(mode="json"), "state": {}}
    with pytest.raises(error):
        build_matrix([step], [row])
