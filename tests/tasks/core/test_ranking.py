"""Many different scores: what is approximated, and how little. Few are in `test_left_out`."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from tasks.core.ranking import STEPS, ranked

UNITS = 7


def test_above_the_steps_all_rows_are_exact_and_what_leaving_out_changes_is_nearly() -> None:
    draw = np.random.default_rng(0)
    positive = draw.random(4 * STEPS) < 0.1
    scores = draw.normal(size=len(positive)) + positive
    units = draw.integers(0, UNITS, len(positive))
    for found, textbook in zip(
        ranked(positive, scores, units), (roc_auc_score, average_precision_score), strict=True
    ):
        assert found[0] == pytest.approx(textbook(positive, scores), abs=1e-12)
        without = [textbook(positive[k], scores[k]) for k in (units != u for u in range(UNITS))]
        spread = np.std(without)
        np.testing.assert_allclose(found[1:], without, atol=0.01 * spread)
        assert np.std(found[1:]) == pytest.approx(spread, rel=0.005)


def test_models_that_rank_alike_gain_nothing_and_no_error_beyond_rounding() -> None:
    draw = np.random.default_rng(0)
    positive, units = draw.random(2 * STEPS) < 0.5, np.arange(2 * STEPS) % UNITS
    scores = draw.random(len(positive))
    for one, other in zip(
        ranked(positive, scores, units), ranked(positive, scores**3, units), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-12)
