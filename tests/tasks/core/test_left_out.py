"""Every metric is scikit-learn's, over all rows and without the rows of any one night."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from schemas.project import Task
from tasks.core.left_out import METRICS, as_gain, bins_of, values_left_out

NIGHTS = 4
SCORES = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.7, 0.9, 1.0]) | st.floats(0, 1)
ROWS = st.lists(
    st.tuples(st.integers(0, 1), SCORES, st.integers(0, NIGHTS - 1)), min_size=1, max_size=60
)
Floats = np.ndarray
BINARY: dict[str, Callable[[Floats, Floats], float]] = {
    "log_loss": lambda y, p: sk.log_loss(y, np.clip(p, 1e-6, 1 - 1e-6), labels=[0, 1]),
    "brier": lambda y, p: sk.brier_score_loss(y, p, labels=[0, 1]),
    "accuracy": lambda y, p: sk.accuracy_score(y, p >= 0.5),
    "auc": lambda y, p: sk.roc_auc_score(y, p) if len(set(y)) == 2 else np.nan,
    "average_precision": lambda y, p: sk.average_precision_score(y, p) if y.any() else np.nan,
    "precision": lambda y, p: sk.precision_score(y, p >= 0.3, zero_division=np.nan),
    "recall": lambda y, p: sk.recall_score(y, p >= 0.3, zero_division=np.nan),
}
REGRESSION: dict[str, Callable[[Floats, Floats], float]] = {
    "rmse": sk.root_mean_squared_error,
    "mae": sk.mean_absolute_error,
    "bias": lambda y, p: float((p - y).mean()),
}


def _assert_textbook(
    task: Task,
    textbook: dict[str, Callable[[Floats, Floats], float]],
    target: Floats,
    scores: Floats,
    nights: Floats,
) -> None:
    _, units = np.unique(nights, return_inverse=True)
    found = values_left_out(task, target, scores, units, threshold=0.3)
    assert list(found) == list(METRICS[task])
    kept = [np.full(len(units), True), *(units != out for out in range(units.max() + 1))]
    for name, metric in textbook.items():
        expected = [metric(target[k], scores[k]) if k.any() else np.nan for k in kept]
        assert found[name] == pytest.approx(expected, abs=1e-9, nan_ok=True), name


@given(rows=ROWS)
def test_binary_metrics_are_the_textbook_ones_whatever_night_is_left_out(
    rows: list[tuple[int, float, int]],
) -> None:
    target, scores, nights = np.array(rows, dtype=float).T
    _assert_textbook("binary", BINARY, target, scores, nights)


@given(rows=ROWS)
def test_regression_metrics_are_the_textbook_ones_whatever_night_is_left_out(
    rows: list[tuple[int, float, int]],
) -> None:
    target, scores, nights = np.array(rows, dtype=float).T
    _assert_textbook("regression", REGRESSION, target, scores, nights)


@given(rows=ROWS)
def test_quantile_metrics_are_the_textbook_ones_whatever_night_is_left_out(
    rows: list[tuple[int, float, int]],
) -> None:
    target, scores, nights = np.array(rows, dtype=float).T
    textbook = {
        "pinball": lambda y, p: sk.mean_pinball_loss(y, p, alpha=0.9),
        "coverage": lambda y, p: float((y <= p + 2e-6).mean()),
    }
    _assert_textbook("p90", textbook, target, scores, nights)


def test_the_calibration_error_is_the_mean_distance_in_bins_of_equal_rows() -> None:
    scores = np.linspace(0.05, 0.95, 100)
    draw = np.random.default_rng(0)
    target, nights = (draw.random(100) < scores).astype(float), np.arange(100) % 3
    found = values_left_out("binary", target, scores, nights, 0.5)["calibration_error"]
    bins = bins_of(scores)
    assert np.bincount(bins).tolist() == [10] * 10
    for value, kept in zip(found, [nights >= 0, *(nights != k for k in range(3))], strict=True):
        gaps = [abs((scores - target)[kept & (bins == one)].sum()) for one in range(10)]
        assert value == pytest.approx(sum(gaps) / kept.sum())


def test_one_score_for_all_is_one_bin() -> None:
    assert set(bins_of(np.full(50, 0.3))) == {0}
    assert len(set(bins_of(np.array([0.0] * 99 + [1.0])))) == 2


def test_a_gain_is_positive_where_the_challenger_is_better() -> None:
    one, other = np.array([0.4]), np.array([0.3])
    assert as_gain("auc", "binary", one, other)[0] == pytest.approx(0.1)
    assert as_gain("brier", "binary", one, other)[0] == pytest.approx(-0.1)
    assert as_gain("bias", "regression", -one, other)[0] == pytest.approx(-0.1)
    assert as_gain("coverage", "p25", one - 0.3, other)[0] == pytest.approx(-0.1), "0.3 is nearer"
    assert as_gain("pinball", "p25", one, other)[0] == pytest.approx(-0.1)
