"""Memorisation against planted truths: a lookup table knows its rows by heart, a line does not."""

from collections.abc import Callable

import numpy as np
import pytest

from schemas.project import Matrix, Task
from tasks.core.memorising import (
    CANARIES,
    Floats,
    Indices,
    Side,
    exposure,
    is_near,
    loss_gap,
    lost_share,
    mean_over_nights,
    near_gap,
    plant_canaries,
    shuffle_labels,
)

NIGHTS, ROWS = 20, 60
SEED = 3

Fit = Callable[[Floats, Floats], Callable[[Floats], Floats]]


def _world(nights: int = NIGHTS, start: int = 0) -> tuple[Floats, Floats, Indices]:
    """Three features, of which the first makes half of the value's variance, night by night."""
    draw = np.random.default_rng(start)
    features = draw.normal(size=(nights * ROWS, 3))
    target = features[:, 0] + draw.normal(size=len(features))
    return features, target, np.repeat(np.arange(nights), ROWS)


def _lookup(features: Floats, target: Floats) -> Callable[[Floats], Floats]:
    """The label of the nearest training row."""

    def predict(asked: Floats) -> Floats:
        apart = ((asked[:, np.newaxis] - features[np.newaxis]) ** 2).sum(axis=2)
        return np.asarray(target[apart.argmin(axis=1)])

    return predict


def _line(features: Floats, target: Floats) -> Callable[[Floats], Floats]:
    """Least squares."""
    weights, *_ = np.linalg.lstsq(features, target)
    return lambda asked: np.asarray(asked @ weights)


def _side(fit: Fit, labels: Floats | None = None, *, unseen: bool = False) -> Side:
    features, target, nights = _world()
    model = fit(features, target if labels is None else labels)
    if unseen:
        features, target, nights = _world(start=1)
    elif labels is not None:
        target = labels
    return Side.of("regression", target, model(features), np.zeros(len(target)), nights)


def test_a_lookup_table_loses_all_that_it_gained_and_a_line_next_to_nothing() -> None:
    by_heart = lost_share(_side(_lookup), _side(_lookup, unseen=True))
    understood = lost_share(_side(_line), _side(_line, unseen=True))
    assert by_heart is not None
    assert by_heart.lower is not None
    assert by_heart.lower > 0.8
    assert understood is not None
    assert understood.upper is not None
    assert understood.upper < 0.3


def test_the_gap_is_in_the_units_of_the_loss_and_its_interval_tells_chance_from_it() -> None:
    wide, narrow = (loss_gap(_side(fit), _side(fit, unseen=True)) for fit in (_lookup, _line))
    assert wide.value == pytest.approx(2, abs=0.3), "two errors of one training label each"
    assert wide.lower is not None
    assert wide.lower > 1.5
    assert narrow.lower is not None
    assert narrow.upper is not None
    assert narrow.lower < 0 < narrow.upper


def test_noise_is_fitted_by_heart_alone_and_helps_nobody_on_unseen_nights() -> None:
    labels = shuffle_labels(_world()[1], SEED)
    assert _side(_lookup, labels).saved == pytest.approx(1)
    assert abs(_side(_line, labels).saved) < 0.02
    unseen = _side(_lookup, labels, unseen=True)
    gain = mean_over_nights(unseen.prior - unseen.losses, unseen.nights)
    assert gain.upper is not None
    assert gain.upper < 0


@pytest.mark.parametrize(("fit", "follows"), [(_lookup, 1.0), (_line, 0.0)], ids=["lookup", "line"])
def test_a_lookup_table_takes_planted_labels_over_and_a_line_does_not(
    fit: Fit, follows: float
) -> None:
    features, target, _ = _world()
    rows, planted = plant_canaries("regression", target, SEED)
    before, after = (fit(features, labels)(features[rows]) for labels in (target, planted))
    found = exposure(before, after, target[rows], planted[rows])
    assert found is not None
    assert found.lower is not None
    assert found.upper is not None
    assert found.value == pytest.approx(follows, abs=0.02)
    assert found.lower <= found.value <= found.upper


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_canaries_are_few_and_get_another_label_that_could_be_one(task: Task) -> None:
    target = _world()[1]
    if task == "binary":
        target = (target > 0).astype(np.float64)
    rows, planted = plant_canaries(task, target, SEED)
    assert len(rows) == len(set(rows)) == len(target) // 50 < CANARIES
    assert (planted[rows] != target[rows]).all()
    others = np.setdiff1d(np.arange(len(target)), rows)
    assert (planted[others] == target[others]).all()
    assert np.isin(planted, target).all()


def test_too_few_canaries_or_labels_of_one_value_tell_nothing() -> None:
    same = np.zeros(500)
    rows, planted = plant_canaries("regression", same, SEED)
    assert exposure(same[rows], planted[rows], same[rows], planted[rows]) is None
    assert plant_canaries("binary", np.zeros(40), SEED)[0].size == 0


def test_rows_near_a_training_row_are_found_within_a_hundredth_of_the_rows() -> None:
    features, _, _ = _world()
    other = _world(start=1)[0]
    training = _matrix(features)
    asked = _matrix(np.vstack([features[:50] + 1e-9, other[:50]]))
    near = is_near(training, asked)
    assert near[:50].all()
    assert near[50:].sum() <= 2


def test_another_category_or_a_gap_is_not_near() -> None:
    values = np.array([[1.0, 0.0], [2.0, np.nan], [3.0, 1.0]], dtype=np.float32)
    asked = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, np.nan], [2.0, np.nan]], dtype=np.float32)
    training, rows = (Matrix(("a", "b"), ("number", "category"), x) for x in (values, asked))
    near = is_near(training, rows)
    assert near.tolist() == [True, False, False, True]


def test_a_lookup_table_does_better_on_rows_that_come_again() -> None:
    features, target, _ = _world()
    fresh, labels, nights = _world(start=1)
    again = np.tile([True, False], len(fresh) // 2)
    asked = np.where(again[:, np.newaxis], features[: len(fresh)], fresh)
    truth = np.where(again, target[: len(fresh)], labels)
    scores = _lookup(features, target)(asked)
    gate = Side.of("regression", truth, scores, np.zeros(len(scores)), nights)
    found = near_gap(gate, is_near(_matrix(features), _matrix(asked)))
    assert found is not None
    assert found.lower is not None
    assert found.lower > 1
    assert near_gap(gate, np.ones(len(fresh), dtype=bool)) is None


def test_two_nights_give_no_interval() -> None:
    features, target, nights = _world(nights=2)
    scores = _line(features, target)(features)
    side = Side.of("regression", target, scores, np.zeros(len(scores)), nights)
    assert loss_gap(side, side).lower is None
    lost = lost_share(side, side)
    assert lost is not None
    assert (lost.value, lost.lower, lost.upper) == (0, None, None)


def _matrix(values: Floats) -> Matrix:
    return Matrix(("a", "b", "c"), ("number", "number", "number"), values.astype(np.float32))
