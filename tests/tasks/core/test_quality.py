"""Realised quality: z on the log scale, alarms on some of the newest nights, thin nights joined."""

import math

import numpy as np
import pytest

from schemas.policy import Policy
from tasks.core.quality import (
    pool_thin,
    quality_alarm,
    quality_hint,
    quality_null,
    quality_points,
)
from tests.tasks.core.nights import build_losses, day

NULL = build_losses(np.exp(np.random.default_rng(0).normal(scale=0.2, size=64)))


def alarms_on(losses: list[float]) -> bool:
    points = quality_points(NULL, build_losses(losses, start=64), Policy())
    assert points is not None
    return quality_alarm(points, Policy())


def test_nights_like_the_null_are_silent() -> None:
    assert not alarms_on([1.0, 1.3, 0.8, 1.2, 1.1])


def test_three_bad_nights_of_five_alarm_and_two_do_not() -> None:
    assert alarms_on([2.0, 1.0, 2.0, 1.0, 2.0])
    assert not alarms_on([2.0, 1.0, 1.0, 1.0, 2.0])


def test_only_the_newest_five_nights_count() -> None:
    assert not alarms_on([2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0])


def test_a_smaller_loss_alarms_when_it_lasts() -> None:
    assert not alarms_on([1.5] * 6)
    assert alarms_on([1.5] * 7)
    assert alarms_on([1.5, 1.5, 1.0, 1.5, 1.5, 1.0, 1.5, 1.5, 1.0, 1.5])
    assert not alarms_on([1.5] * 7 + [1.0] * 4)


def test_better_nights_never_alarm() -> None:
    assert not alarms_on([0.01] * 5)


def test_z_is_the_distance_of_logarithms() -> None:
    null = quality_null(NULL)
    assert null is not None
    points = quality_points(NULL, build_losses([3.0]), Policy())
    assert points is not None
    assert points[0].z == pytest.approx((math.log(3.0) - null.mean) / null.sd)


def test_sd_covers_the_null_mean_of_nights_that_depend_on_each_other() -> None:
    null = quality_null(NULL)
    assert null is not None
    spread = np.std([math.log(night.loss) for night in NULL], ddof=1)
    assert null.sd == pytest.approx(spread * math.sqrt(1 + 1 / (64 / 7)))


def test_under_28_nights_nothing_is_known() -> None:
    assert quality_null(NULL[:27]) is None
    assert quality_null(build_losses([1.0] * 40, rows=5)) is None
    assert quality_points(NULL[:27], NULL, Policy()) is None
    assert not quality_hint(NULL[:27], build_losses([9.0] * 3))


def test_a_perfect_night_has_a_logarithm() -> None:
    assert (
        quality_points([*NULL, *build_losses([0.0])], build_losses([0.0, 1.0]), Policy())
        is not None
    )
    perfect = build_losses([0.0] * 28)
    assert quality_points(perfect, perfect, Policy()) is not None


def test_losses_that_never_varied_still_allow_a_few_percent() -> None:
    points = quality_points(build_losses([1.0] * 28), build_losses([1.05] * 5), Policy())
    assert points is not None
    assert not quality_alarm(points, Policy())


def test_thin_nights_are_joined_and_a_rest_waits() -> None:
    nights = [*build_losses([1.0, 2.0], rows=10), *build_losses([5.0, 7.0], rows=15, start=2)]
    pooled = pool_thin([*nights, *build_losses([9.0], rows=3, start=4)])
    assert [(night.as_of, night.rows, night.loss) for night in pooled] == [
        (day(1), 20, 1.5),
        (day(3), 30, 6.0),
    ]


def test_the_hint_comes_before_the_alarm() -> None:
    worse = build_losses([1.4] * 3, start=64)
    points = quality_points(NULL, worse, Policy())
    assert points is not None
    assert quality_hint(NULL, worse)
    assert not quality_alarm(points, Policy())
    assert not quality_hint(NULL, build_losses([1.0] * 3))
    assert not quality_hint(NULL, build_losses([9.0] * 2))
