"""What every shipped project promises, checked on each that the tree holds."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tasks.features
from flows.find import SHIPPED, find_project
from schemas.contract import columns_of, describe_contract, is_category, name_of, names_of
from schemas.project import FeatureStep, Project
from schemas.record import canonical_json
from tasks.core.checking import check_rows
from tasks.core.cleaning import clean_rows
from tasks.core.local_time import local_days
from tasks.features.build import build_features, count_unseen, fit_features
from tests.building.steps import every_step_of
from tests.contracts.found import find_kinds

NAMES = sorted(path.stem for path in SHIPPED.glob("*.py") if path.stem != "__init__")
NIGHTS = 5


@pytest.fixture(params=NAMES)
def project(
    request: pytest.FixtureRequest, landing_zone: Path, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """Each shipped project; flights have the small landing zone."""
    monkeypatch.setenv("DRIFTLOOP_LANDING", str(landing_zone))
    return find_project(request.param)


def _kept(project: Project) -> pd.DataFrame:
    """The first nights' rows as batches keep them; none of them may break the contract."""
    if hint := project.source.missing_hint():
        pytest.skip(hint)
    frames = []
    for night in project.source.nights()[:NIGHTS]:
        raw = project.source.read(night)
        assert raw is not None
        cleaned = clean_rows(raw.frame, project.cleaning, night)
        checked = check_rows(cleaned.frame, project.contract, 0.0)
        assert (checked.failures, checked.counts.deduplicated) == ((), 0)
        assert checked.ignored_columns == ()
        frames.append(checked.kept)
    return pd.concat(frames, ignore_index=True)


def test_its_dump_tells_all_that_decides(project: Project) -> None:
    dump = project.model_dump(mode="json")
    parts = [dump["source"], dump["family"], *dump["features"], *dump["gates"]]
    assert all(part["kind"] for part in parts)
    assert project.recipe_digest == find_project(project.name).recipe_digest


def test_its_contract_has_one_key_one_time_and_not_the_target(project: Project) -> None:
    columns = columns_of(project.contract)
    assert name_of(project.contract, "key") in columns
    assert not columns[name_of(project.contract, "key")].nullable
    assert str(columns[name_of(project.contract, "time")].dtype) == "datetime64[us, UTC]"
    assert project.target not in columns


def test_numbers_have_a_range_and_every_column_a_meaning(project: Project) -> None:
    checks = {entry["name"]: entry for entry in describe_contract(project.contract)}
    assert [name for name, entry in checks.items() if not entry["meaning"]] == []
    features = names_of(project.contract, "feature")
    is_number = [n for n in features if not is_category(columns_of(project.contract)[n])]
    assert [name for name in is_number if not checks[name]["checks"]] == []


def test_real_nights_pass_its_contract_and_become_features(project: Project) -> None:
    kept = _kept(project)
    states = fit_features(project.features, kept)
    made = build_features(project.features, states, kept)
    assert made.values.shape == (len(kept), len(made.names))
    assert set(count_unseen(project.features, states, kept)) <= set(kept.columns)


def test_its_rows_have_the_same_features_in_training_and_scoring_bit_for_bit(
    project: Project,
) -> None:
    kept = _kept(project)
    night = local_days(kept[name_of(project.contract, "time")], project.timezone)
    for steps in (project.features, every_step_of(project)):
        states = json.loads(canonical_json(fit_features(steps, kept)))
        trained = build_features(steps, states, kept).values
        for day in np.unique(night):
            at = np.flatnonzero(night == day)[::-1]
            scored = build_features(steps, states, kept.iloc[at]).values
            assert scored.tobytes() == trained[at].tobytes()


def test_every_shipped_step_is_tried_on_it(project: Project) -> None:
    kinds = [type(step) for step in every_step_of(project)]
    assert kinds == find_kinds(tasks.features, FeatureStep)


def test_its_features_look_at_nothing_that_the_contract_sets_aside(project: Project) -> None:
    kept = _kept(project)
    allowed = [n for role in ("feature", "key", "time") for n in names_of(project.contract, role)]
    states = fit_features(project.features, kept[allowed])
    assert len(build_features(project.features, states, kept[allowed])) == len(kept)
