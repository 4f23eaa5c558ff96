"""What every feature step promises, checked on each that the tree holds."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

import tasks.features
from schemas.project import FeatureStep, Matrix
from tasks.features.bins import Bins
from tasks.features.calendar import Calendar
from tasks.features.categories import Categories
from tasks.features.differences import Differences
from tasks.features.fill_from_group import FillFromGroup
from tasks.features.frequencies import Frequencies
from tasks.features.holidays import Holidays
from tasks.features.impute import Impute
from tasks.features.numbers import Numbers
from tasks.features.ratios import Ratios
from tasks.features.target_means import TargetMeans
from tests.contracts.found import find_kinds
from tests.tasks.features.frames import make_flights

STEPS: list[FeatureStep] = [
    Bins(columns=("distance", "seats")),
    Calendar(zone="America/New_York"),
    Categories(columns=("carrier", "dest")),
    Differences(pairs=(("seats", "distance"),)),
    FillFromGroup(columns=("seats", "year_built"), by=("carrier", "dest")),
    Frequencies(columns=("carrier", "dest")),
    Holidays(zone="America/New_York", country="US", subdivision="NY"),
    Impute(columns=("distance", "seats")),
    Numbers(columns=("distance", "seats")),
    Ratios(pairs=(("seats", "distance"), ("distance", "seats"))),
    TargetMeans(columns=("carrier", "dest"), target="late", zone="America/New_York"),
]
TRAINING = make_flights(rows=300, seed=0)
HOLDOUT = make_flights(rows=200, seed=1)


@pytest.fixture(params=STEPS, ids=lambda step: type(step).__name__)
def step(request: pytest.FixtureRequest) -> FeatureStep:
    """One step of each kind."""
    made: FeatureStep = request.param
    return made


def _values(step: FeatureStep, frame: pd.DataFrame, state: Any = None) -> np.ndarray:
    return step.transform(frame, step.fit(TRAINING) if state is None else state).values


def test_every_step_is_checked_here() -> None:
    assert find_kinds(tasks.features, FeatureStep) == [type(step) for step in STEPS]


def test_it_is_frozen_strict_and_dumps_its_kind(step: FeatureStep) -> None:
    dump = step.model_dump(mode="json")
    assert dump["kind"] == type(step).__name__
    fields = {name: value for name, value in dump.items() if name != "kind"}
    assert type(step).model_validate(fields) == step
    with pytest.raises(ValidationError, match="frozen"):
        setattr(step, next(iter(fields)), None)
    with pytest.raises(ValidationError, match="Extra inputs"):
        type(step).model_validate({**fields, "surplus": 1})


def test_it_says_every_column_that_it_reads(step: FeatureStep) -> None:
    read = sorted(step.reads())
    made = step.transform(HOLDOUT[read], step.fit(TRAINING[read])).values
    np.testing.assert_array_equal(made, _values(step, HOLDOUT))
    for name in set(read) - {"row_key"}:  # a key is asked for only where there is a gap
        with pytest.raises(KeyError):
            step.transform(HOLDOUT.drop(columns=name), step.fit(TRAINING.drop(columns=name)))


def test_features_are_named_typed_and_one_row_a_row(step: FeatureStep) -> None:
    made: Matrix = step.transform(HOLDOUT, step.fit(TRAINING))
    assert made.values.shape == (len(HOLDOUT), len(made.names)) == (200, len(made.kinds))
    assert made.values.dtype == np.float32
    assert len(set(made.names)) == len(made.names) > 0
    assert set(made.kinds) <= {"number", "category"}
    assert not np.isinf(made.values).any()


def test_the_state_is_plain_json(step: FeatureStep) -> None:
    state = step.fit(TRAINING)
    stored = json.loads(json.dumps(state, allow_nan=False))
    np.testing.assert_array_equal(_values(step, HOLDOUT, stored), _values(step, HOLDOUT, state))


def test_fitting_does_not_depend_on_order_or_index_of_rows(step: FeatureStep) -> None:
    shuffled = TRAINING.sample(frac=1, random_state=0)
    again = TRAINING.set_index(np.arange(300) // 2)
    assert step.fit(shuffled) == step.fit(again) == step.fit(TRAINING)


def test_a_training_row_is_scored_bit_for_bit_as_it_was_trained(step: FeatureStep) -> None:
    trained = _values(step, TRAINING)
    for rows in _parts(len(TRAINING)):
        scored = _values(step, TRAINING.iloc[rows])
        assert scored.tobytes() == np.ascontiguousarray(trained[rows]).tobytes()


def test_scoring_needs_no_target(step: FeatureStep) -> None:
    unlabelled = TRAINING.drop(columns="late")
    np.testing.assert_array_equal(_values(step, unlabelled), _values(step, TRAINING))


def test_words_that_it_says_it_knows_are_those_of_the_training_part(step: FeatureStep) -> None:
    for name, words in step.known_words(step.fit(TRAINING)).items():
        assert set(words) == set(TRAINING[name])


def test_holdout_rows_do_not_move_the_fit(step: FeatureStep) -> None:
    state = step.fit(TRAINING)
    before, kept = json.dumps(state), _values(step, TRAINING, state)
    step.transform(HOLDOUT.assign(carrier="XX", dest="YYY"), state)
    assert json.dumps(state) == before == json.dumps(step.fit(TRAINING))
    np.testing.assert_array_equal(_values(step, TRAINING, state), kept)


def test_rows_do_not_see_each_other(step: FeatureStep) -> None:
    together = _values(step, pd.concat([HOLDOUT, TRAINING], ignore_index=True))
    np.testing.assert_array_equal(together[: len(HOLDOUT)], _values(step, HOLDOUT))


def test_frames_are_left_as_they_were(step: FeatureStep) -> None:
    frame = make_flights(rows=300, seed=0)
    made = step.transform(frame, step.fit(frame)).values
    made[:] = 0
    pd.testing.assert_frame_equal(frame, TRAINING)


def test_no_rows_make_no_rows(step: FeatureStep) -> None:
    nothing = TRAINING.head(0)
    assert len(_values(step, nothing)) == 0
    assert step.transform(HOLDOUT, step.fit(nothing)).values.shape[0] == len(HOLDOUT)


def test_a_column_that_is_missing_is_an_error_not_a_guess(step: FeatureStep) -> None:
    state = step.fit(TRAINING)
    with pytest.raises(KeyError):
        step.transform(HOLDOUT[["row_key"]], state)


def _parts(rows: int) -> Iterator[np.ndarray]:
    order = np.random.default_rng(0).permutation(rows)
    yield from (order, order[:1], order[: rows // 2], np.arange(rows)[::-1])
