"""What every shipped project promises, checked on each that the tree holds."""

from pathlib import Path

import pandas as pd
import pytest

from flows.find import SHIPPED, find_project
from schemas.contract import columns_of, describe_contract, is_category, name_of, names_of
from schemas.project import Project
from tasks.core.checking import check_rows
from tasks.core.cleaning import clean_rows
from tasks.features.build import build_features, count_unseen, fit_features

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


def test_its_features_look_at_nothing_that_the_contract_sets_aside(project: Project) -> None:
    kept = _kept(project)
    allowed = [n for role in ("feature", "key", "time") for n in names_of(project.contract, role)]
    states = fit_features(project.features, kept[allowed])
    assert len(build_features(project.features, states, kept[allowed])) == len(kept)
