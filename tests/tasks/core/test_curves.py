"""Shapes of learning curves: what is told of a fit pass by pass."""

from math import nan

import pytest

from schemas.curve import Losses, Shape
from tasks.core.curves import POINTS, read_curve


def _read(validation: tuple[float, ...], training: tuple[float, ...] | None = None) -> Shape:
    return read_curve(Losses(training or validation, validation)).shape


SHAPES: dict[Shape, tuple[float, ...]] = {
    "still_falling": tuple(1 - at / 100 for at in range(50)),
    "settled": (1.0, 0.5, *(0.3,) * 48),
    "overfits": (*(1 - at / 40 for at in range(30)), *(0.3 + at / 50 for at in range(20))),
    "overshoots": (1.0, 0.8, *(0.9 + at / 10 for at in range(48))),
    "diverged": (1.0, 0.5, nan),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_curve_is_read_by_its_shape(shape: Shape) -> None:
    assert _read(SHAPES[shape]) == shape


def test_what_is_not_finite_ends_the_curve_and_the_passes_are_still_counted() -> None:
    curve = read_curve(Losses((1.0, 0.9, 0.8), (1.0, 0.5, nan)))
    assert (curve.passes, curve.validation, curve.best, curve.made) == ((1, 2), (1.0, 0.5), 2, 3)


def test_a_fit_that_is_broken_from_the_first_pass_on_has_no_best_pass() -> None:
    curve = read_curve(Losses((nan,), (nan,)))
    assert (curve.shape, curve.best, curve.passes) == ("diverged", None, ())


def test_a_loss_that_only_rises_overshoots() -> None:
    assert _read((1.0, 2.0, 3.0)) == "overshoots"


def test_one_pass_is_settled() -> None:
    assert _read((1.0,)) == "settled"


def test_long_curves_are_thinned_and_keep_the_best_and_the_last_pass() -> None:
    losses = (*(2 - at / 1000 for at in range(777)), *(1.5,) * 1000)
    curve = read_curve(Losses(losses, losses, chosen=9))
    assert len(curve.passes) <= POINTS + 2
    assert {1, 777, 1777} <= set(curve.passes)
    assert (curve.best, curve.made, curve.chosen) == (777, 1777, 9)
