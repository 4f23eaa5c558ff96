"""What lived policies come to: metric, kept gain, worst month, over the nights that all scored."""

from datetime import date, timedelta

import numpy as np
import pytest

from schemas.errors import NotYet
from tasks.engine.replay.comparison import Metric, Month, Result, compare, kept_gain, worst_month
from tasks.engine.replay.moves import Move
from tasks.engine.replay.simulate import Ended, Lived, ScoredNight

FIRST = date(2026, 1, 1)
TARGET = np.array([0.0, 2.0])


def build_night(number: int, error: float) -> ScoredNight:
    """Two rows, each off by `error`."""
    return ScoredNight(FIRST + timedelta(days=number), error**2, TARGET, TARGET + error)


def build_life(policy: str, errors: dict[int, float]) -> Lived:
    scored = [build_night(number, error) for number, error in errors.items()]
    return Lived(policy, scored=scored, states=["Nothing due"] * len(scored))


def constant(error: float, nights: int = 20, first: int = 0) -> dict[int, float]:
    return dict.fromkeys(range(first, first + nights), error)


def results(*lives: Lived, since: date | None = None) -> dict[str, Result]:
    return {result.policy: result for result in compare("regression", lives, since).results}


def test_a_policy_keeps_its_share_of_what_nightly_gains_over_never() -> None:
    found = results(
        build_life("own", constant(2.5)),
        build_life("never", constant(4.0)),
        build_life("nightly", constant(2.0)),
    )
    assert {name: result.kept for name, result in found.items()} == {
        "own": 0.75,
        "never": 0.0,
        "nightly": 1.0,
    }
    assert found["own"].metric == pytest.approx(2.5)
    assert found["own"].loss == pytest.approx(6.25)


def test_nothing_is_kept_of_no_gain_nor_without_both_to_compare_with() -> None:
    assert kept_gain("rmse", {"never": 2.0, "nightly": 2.0, "own": 1.0}, "own") is None
    assert kept_gain("rmse", {"never": 2.0, "own": 1.0}, "own") is None
    assert kept_gain("auc", {"never": 0.5, "nightly": None, "own": 0.7}, "own") is None


@pytest.mark.parametrize(
    ("metric", "nightly", "kept"),
    [("deviance", 2.1, None), ("deviance", 1.6, 0.5), ("auc", 1.6, None), ("auc", 2.1, -2.0)],
)
def test_where_nightly_retraining_loses_there_is_no_gain_to_keep(
    metric: Metric, nightly: float, kept: float | None
) -> None:
    assert kept_gain(metric, {"never": 2.0, "nightly": nightly, "own": 1.8}, "own") == kept


def test_only_nights_that_all_scored_count() -> None:
    found = results(
        build_life("own", constant(1.0, nights=10, first=5)),
        build_life("never", {**constant(9.0, nights=5), **constant(2.0, nights=10, first=5)}),
    )
    assert found["never"].nights == 10
    assert found["never"].metric == pytest.approx(2.0)


def test_retrains_before_the_compared_nights_do_not_count() -> None:
    own = build_life("own", constant(1.0))
    moves = [Move(FIRST + timedelta(days=n), "refresh", "schedule") for n in (1, 7, 9)]
    own.retrains = [
        Ended(moves[0], "passed"),
        Ended(moves[1], "refused"),
        Ended(moves[2], "passed"),
    ]
    found = results(own, since=FIRST + timedelta(days=5))["own"]
    assert (found.nights, found.retrains, found.refused) == (15, 2, 1)
    assert found.causes == {"schedule": 2}
    assert found.promoted == (FIRST + timedelta(days=9),)


def test_the_worst_month_has_ten_nights_at_least() -> None:
    nights = [build_night(n, error) for n, error in constant(1.0, nights=31).items()]
    nights += [build_night(n, error) for n, error in constant(3.0, nights=28, first=31).items()]
    assert worst_month("regression", nights) == Month("2026-02", 3.0)
    assert worst_month("regression", nights[:35]) == Month("2026-01", 1.0)
    assert worst_month("regression", nights[:5]) is None


def test_the_worst_month_of_a_binary_task_has_the_lowest_auc() -> None:
    right, wrong = (
        ScoredNight(FIRST, 0.5, np.array([0.0, 1.0]), np.array(scores))
        for scores in ([0.1, 0.9], [0.9, 0.1])
    )
    nights = [
        ScoredNight(FIRST + timedelta(days=n), 0.5, one.target, one.prediction)
        for n, one in enumerate([right] * 31 + [wrong] * 20)
    ]
    assert worst_month("binary", nights) == Month("2026-02", 0.0)


def test_policies_without_a_night_in_common_cannot_be_compared() -> None:
    with pytest.raises(NotYet, match="no night was scored by all policies"):
        results(build_life("own", constant(1.0, 3)), build_life("never", constant(1.0, 3, 5)))
