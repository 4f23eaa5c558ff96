"""What people are told of a ladder: the choice with its reason, and what comes of it."""

from datetime import date
from typing import Any

import pytest

from schemas.project import ModelFamily
from tasks.core.rolling import Fold
from tasks.core.rungs import Rung
from tasks.engine.ladder import Ladder, Tried
from tasks.families.linear import Linear
from tasks.families.platt import Platt
from tasks.families.prior import Prior
from tasks.families.xgboost import XGBoost
from tasks.telling.ladders import (
    family_row,
    headings,
    record_ladder,
    say_choice,
    say_family,
    say_folds,
    say_next,
)
from tests.building.project import build_project

OWN = XGBoost(n_rounds=5, max_depth=3)
NIGHT = date(2026, 3, 1)
FOLD = Fold(NIGHT, (NIGHT,) * 30, (NIGHT,) * 7)


def _tried(family: ModelFamily, behind: float, error: float) -> Tried:
    rung = Rung(0.4 + behind, 0.3 + behind, 0.5 + behind, behind, error)
    return Tried(family, [0.5, 1.5], model_bytes=1234, rows_a_second=123456.0, rung=rung)


def _ladder(*tried: Tried, chosen: int, **fields: Any) -> Ladder:
    project = build_project(rounds=5, **fields)
    return Ladder(project, tried, chosen, (FOLD, FOLD), nights=14, rows=2_000)


SIMPLER = _ladder(
    *(_tried(Prior(), 0.2, 0.01), _tried(Linear(), 0.01, 0.02), _tried(OWN, 0.0, 0.0)), chosen=1
)


def test_the_choice_names_the_best_and_how_near_the_simpler_one_is() -> None:
    assert say_choice(SIMPLER) == (
        "Linear: the simplest within one standard error of the best, XGBoost (0.01 behind, "
        "standard error 0.02)."
    )


def test_the_best_is_told_with_the_nearest_of_the_simpler_ones() -> None:
    tried = (_tried(Prior(), 0.2, 0.01), _tried(Linear(), 0.05, 0.02), _tried(OWN, 0.0, 0.0))
    assert say_choice(_ladder(*tried, chosen=2)) == (
        "XGBoost: the best, and no simpler one is within one standard error of it (the nearest "
        "is 0.05 behind, standard error 0.02)."
    )


def test_families_of_one_kind_are_told_apart() -> None:
    tried = (_tried(XGBoost(n_rounds=9), 0.0, 0.0), _tried(OWN, 0.1, 0.01))
    said = say_choice(_ladder(*tried, chosen=0))
    assert said == "XGBoost(n_rounds=9): the best, and the simplest."


def test_a_simpler_family_that_is_not_better_is_said_to_need_a_person() -> None:
    lines = list(say_next(SIMPLER))
    assert lines[1:3] == ["    from tasks.families.linear import Linear", "    family=Linear(),"]
    assert "driftloop promote shop --override --reason" in lines[4]
    calibrated = _ladder(_tried(Platt(family=Linear()), 0.0, 0.0), _tried(OWN, 0.1, 0.01), chosen=0)
    assert list(say_next(calibrated))[1:4] == [
        "    from tasks.families.platt import Platt",
        "    from tasks.families.linear import Linear",
        "    family=Platt(family=Linear()),",
    ]
    better = _ladder(_tried(Linear(), 0.0, 0.0), _tried(OWN, 0.1, 0.01), chosen=0)
    assert len(list(say_next(better))) == 4


def test_the_constant_is_never_proposed() -> None:
    lines = list(say_next(_ladder(_tried(Prior(), 0.0, 0.0), chosen=0)))
    assert lines == ["No family learns more than the constant here: look at the features first."]


def test_a_row_holds_as_many_cells_as_there_are_headings() -> None:
    failed = Tried(OWN, failure="no")
    for task in ("binary", "regression"):
        ladder = _ladder(_tried(Linear(), 0.0, 0.0), failed, chosen=0, task=task)
        found = record_ladder(ladder, NIGHT, 1).ladder
        assert found is not None
        for one in found.tried:
            assert len(family_row(task, one)) == len(headings(task))
    told = record_ladder(SIMPLER, NIGHT, 1).ladder
    assert told is not None
    assert family_row("binary", told.tried[1]) == (
        *("Linear()", "0.41", "0.31 to 0.51", "0.01 ± 0.02", "1", "1,234", "120,000"),
    )


@pytest.mark.parametrize(("label_delay", "told"), [(1, "before (30"), (4, "without the 3 whose")])
def test_the_embargo_is_told(label_delay: int, told: str) -> None:
    ladder = _ladder(_tried(Linear(), 0.0, 0.0), chosen=0, label_delay=label_delay)
    assert told in say_folds(ladder)


def test_a_family_is_written_as_a_project_file_has_it() -> None:
    family = XGBoost(increasing=("price",), objective="count:poisson", learning_rate=0.2)
    said = say_family(family)
    assert said == "XGBoost(increasing=('price',), objective='count:poisson')"
    assert eval(said, {"XGBoost": XGBoost}) == family
    calibrated = say_family(Platt(family=family))
    assert calibrated == f"Platt(family={said})"
