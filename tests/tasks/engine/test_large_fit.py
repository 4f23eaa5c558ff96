"""A fit in parts is the fit: the same states, trees and card, with few rows in memory at a time."""

from collections.abc import Callable

import numpy as np
import pytest

from schemas.errors import ModelUnusable
from schemas.model import Card
from schemas.project import Matrix, ModelFamily
from tasks.core import large_sets
from tasks.engine import large_fit
from tasks.engine.fits import Fitter
from tasks.engine.rebuild import rebuild
from tasks.engine.usable import UsableNight, usable_nights
from tasks.families.linear import Linear
from tasks.families.xgboost import XGBoost
from tasks.features.build import build_features
from tasks.store import keys
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_sets, "LIMIT", 1)
    monkeypatch.setattr(large_sets, "ROWS", 200)


def _nights(world: World) -> tuple[UsableNight, ...]:
    return usable_nights(world.store, world.project, day(YOUNG - 1), frozenset())


@pytest.mark.parametrize("family", [XGBoost(n_rounds=9), Linear()], ids=["trees", "linear"])
def test_model_and_states_are_those_of_a_fit_that_holds_all_rows(
    young: World, family: ModelFamily, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = young.project.model_copy(update={"family": family})
    fitter, nights = Fitter(young.store, project, {}), _nights(young)
    whole = fitter.make(nights, None)
    monkeypatch.setattr(large_sets, "LIMIT", 1)
    monkeypatch.setattr(large_sets, "ROWS", 200)
    parts = fitter.make(nights, None)
    assert whole.parts is None
    assert parts.parts is not None
    assert parts.parts > 3
    assert (parts.model, parts.features) == (whole.model, whole.features)
    assert np.array_equal(parts.target, whole.target)


@pytest.mark.usefixtures("in_parts")
def test_a_retrain_on_a_large_history_says_so_on_the_card_and_can_be_rebuilt(served: World) -> None:
    before = served.champion
    for number in range(SERVED + 1, SERVED + 4):
        served.live(number)
    card = served.store.record(keys.card(NAME, served.champion or ""), Card)
    assert card.version != before
    assert all(fit.parts for fit in card.members)
    assert rebuild(served.store, served.project, card.version).is_equal


@pytest.mark.usefixtures("in_parts")
def test_an_infinite_feature_is_refused_by_name_in_whatever_part_it_is(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights = _nights(young)
    build: Callable[..., Matrix] = build_features

    def build_broken(*given: object) -> Matrix:
        matrix = build(*given)
        matrix.values[-1, 0] = np.inf
        return matrix

    monkeypatch.setattr(large_fit, "build_features", build_broken)
    with pytest.raises(ModelUnusable, match="features with infinite values: "):
        Fitter(young.store, young.project, {}).make(nights, None)
