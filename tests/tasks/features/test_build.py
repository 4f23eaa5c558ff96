"""Feature steps side by side."""

import numpy as np
import pytest

from schemas.errors import InvalidProject
from tasks.features.build import build_features, count_unseen, fit_features
from tasks.features.categories import Categories
from tasks.features.frequencies import Frequencies
from tasks.features.numbers import Numbers
from tests.tasks.features.frames import make_flights

STEPS = (Categories(columns=("carrier", "dest")), Numbers(columns=("distance",)))


def test_steps_stand_side_by_side_in_their_order() -> None:
    frame = make_flights()
    made = build_features(STEPS, fit_features(STEPS, frame), frame)
    assert made.names == ("carrier", "dest", "distance")
    assert made.kinds == ("category", "category", "number")
    np.testing.assert_array_equal(made.values[:, 2], frame["distance"].astype(np.float32))


def test_a_feature_made_twice_is_refused() -> None:
    steps = (*STEPS, Numbers(columns=("distance", "seats")))
    frame = make_flights()
    with pytest.raises(InvalidProject, match=r"features \['distance'\]"):
        build_features(steps, fit_features(steps, frame), frame)


def test_unseen_words_are_counted_by_column() -> None:
    training, night = make_flights(), make_flights(seed=1)
    night.loc[:4, "dest"] = "XXX"
    states = fit_features(STEPS, training)
    assert count_unseen(STEPS, states, night) == {"carrier": 0, "dest": 5}


def test_of_two_steps_on_a_column_the_one_that_knows_fewer_words_counts() -> None:
    steps = (*STEPS, Frequencies(columns=("dest",)))
    training, night = make_flights(), make_flights(seed=1)
    training.loc[:4, "dest"] = night.loc[:4, "dest"] = "XXX"
    states = fit_features(steps, training)
    assert count_unseen(steps, states, night)["dest"] == 5
