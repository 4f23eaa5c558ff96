"""Scores against what came true: on the diagonal a probability means what it says."""

from collections.abc import Iterator, Sequence
from itertools import chain

from schemas.evaluation import CalibrationBin
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, dot, draw, path, rule, words

_SIZE = (360, 330)
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 336, 44, 272
_TICKS = (0.0, 0.5, 1.0)


def draw_calibration(bins: Sequence[CalibrationBin]) -> Picture:
    """A dot for each bin of like scores; whiskers are two standard errors over nights."""
    high = max(one for each in bins for one in (each.predicted, each.observed, 1e-6))
    across, up = Scale(0, high, _LEFT, _RIGHT), Scale(0, high, _BOTTOM, _TOP)
    places = [(across(one.predicted), up(one.observed)) for one in bins]
    return draw(
        "Predicted and observed share",
        _alt(bins),
        _SIZE,
        chain(
            _axes(high, across, up),
            [rule(across(0), up(0), across(high), up(high), "limit"), path(places)],
            (part for one in bins for part in _bin(one, across, up)),
        ),
    )


def _bin(one: CalibrationBin, across: Scale, up: Scale) -> Iterator[str]:
    x = across(one.predicted)
    if one.error is not None:
        ends = (up(one.observed - 2 * one.error), up(one.observed + 2 * one.error))
        yield rule(x, ends[0], x, ends[1])
    yield dot(x, up(one.observed), "now")


def _axes(high: float, across: Scale, up: Scale) -> Iterator[str]:
    yield rule(_LEFT, _BOTTOM, _RIGHT, _BOTTOM)
    yield rule(_LEFT, _BOTTOM, _LEFT, _TOP)
    for share in _TICKS:
        yield words(across(share * high), _BOTTOM + 18, f"{share * high:.0%}", anchor="middle")
        yield words(_LEFT - 6, up(share * high) + 4, f"{share * high:.0%}", anchor="end")
    yield words(
        (_LEFT + _RIGHT) / 2, _BOTTOM + 40, "score (up the side: came true)", anchor="middle"
    )


def _alt(bins: Sequence[CalibrationBin]) -> str:
    worst = max(bins, key=lambda one: abs(one.predicted - one.observed))
    return (
        f"Calibration in {len(bins)} bins of like scores; farthest off where "
        f"{worst.predicted:.1%} was predicted and {worst.observed:.1%} came true."
    )
