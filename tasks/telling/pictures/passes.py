"""A learning curve: the loss after each pass, on the rows fitted and on later ones."""

from collections.abc import Iterator

from schemas.curve import Curve
from tasks.telling.figures import figure
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, diamond, dot, draw, path, rule, words

_SIZE = (700, 250)
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 672, 66, 204
_TICKS = 6
_ABOVE = 1.3
"""Losses beyond so many times the first ones stay at the top: a fit that flies off hides all."""


def draw_curve(curve: Curve, unit: str) -> Picture:
    """Both losses by pass, the lowest one on later rows marked; the curve has a sound pass."""
    across = Scale(min(curve.passes), max(curve.passes), _LEFT + 14, _RIGHT - 14)
    both = (*curve.training, *curve.validation)
    top = min(max(both), _ABOVE * max(curve.training[0], curve.validation[0]))
    height = Scale(min(both), top, _BOTTOM - 8, _TOP)
    return draw(
        f"{unit.capitalize()} a row after each pass",
        _alt(curve, unit),
        _SIZE,
        [
            *_axes(curve, across, height),
            *_best(curve, across),
            *_lines(curve, across, height),
        ],
    )


def _axes(curve: Curve, across: Scale, height: Scale) -> Iterator[str]:
    yield rule(_LEFT, _BOTTOM, _RIGHT, _BOTTOM)
    for level in (height.low, height.high):
        yield words(_LEFT - 6, height(level) + 4, figure(level), anchor="end")
    last = curve.passes[-1]
    for number in sorted({1, last, *(round(last * at / _TICKS) for at in range(1, _TICKS))} - {0}):
        yield words(across(number), _BOTTOM + 20, str(number), anchor="middle")
    yield words((_LEFT + _RIGHT) / 2, _BOTTOM + 38, "passes", anchor="middle")


def _best(curve: Curve, across: Scale) -> Iterator[str]:
    if curve.best is None:
        return
    x = across(curve.best)
    yield rule(x, _TOP - 6, x, _BOTTOM, "limit")
    told = f"lowest after {curve.best}"
    is_late = x > (_LEFT + _RIGHT) / 2
    yield words(x - 6 if is_late else x + 6, _TOP + 2, told, anchor="end" if is_late else "start")


def _lines(curve: Curve, across: Scale, height: Scale) -> Iterator[str]:
    for losses, line, mark, fill, x, name in (
        (curve.training, "other", diamond, "ref", 18, "rows it is fitted on"),
        (curve.validation, "line", dot, "now", 190, "gate nights, which come later"),
    ):
        yield path(zip(map(across, curve.passes), map(height, losses), strict=True), line)
        yield mark(x, 40, fill)
        yield words(x + 10, 44, name)
        if len(losses) == 1:
            yield mark(across(curve.passes[0]), height(losses[0]), fill)


def _alt(curve: Curve, unit: str) -> str:
    best = curve.passes.index(curve.best) if curve.best in curve.passes else -1
    return (
        f"Learning curve of {curve.made} passes: {unit} on later rows from "
        f"{figure(curve.validation[0])} to {figure(curve.validation[-1])}, lowest "
        f"{figure(curve.validation[best])} after {curve.best}; on the rows fitted "
        f"{figure(curve.training[-1])} at the end."
    )
