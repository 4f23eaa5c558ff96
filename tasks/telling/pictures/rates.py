"""A sweep of learning rates: where each fit ends, and what its curve says of the rate."""

from collections.abc import Iterator, Sequence
from itertools import chain

from schemas.search import RateTried
from tasks.core.searching import best_rate, mark_rate
from tasks.telling.figures import figure
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, bar, diamond, dot, draw, path, rule, words

_SIZE = (700, 276)
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 640, 66, 196
_ABOVE = 1.3


def draw_rates(sweep: Sequence[RateTried], own: float, unit: str) -> Picture:
    """From the lowest rate to the highest; `own` is the project's."""
    across = Scale(0, max(len(sweep) - 1, 1), _LEFT + 34, _RIGHT)
    curves = [one.curve for one in sweep if one.curve and one.curve.validation]
    ends = [loss for curve in curves for loss in (curve.validation[-1], min(curve.validation))]
    low = min(ends, default=0.0)
    first = max((curve.validation[0] for curve in curves), default=1.0)
    height = Scale(low, min(max(ends, default=1.0), _ABOVE * first), _BOTTOM - 10, _TOP)
    return draw(
        f"{unit.capitalize()} on later rows by learning rate",
        _alt(sweep),
        _SIZE,
        chain(_axes(sweep, own, across, height), _losses(sweep, across, height), _legend()),
    )


def _axes(sweep: Sequence[RateTried], own: float, across: Scale, height: Scale) -> Iterator[str]:
    yield rule(_LEFT, _BOTTOM, _RIGHT + 34, _BOTTOM)
    for level in (height.low, height.high):
        yield words(_LEFT - 6, height(level) + 4, figure(level), anchor="end")
    best = best_rate(sweep)
    for at, one in enumerate(sweep):
        x, style = across(at), "h" if one is best else "soft"
        told = f"{one.rate:g}, yours" if one.rate == own else f"{one.rate:g}"
        yield words(x, _BOTTOM + 20, told, "h" if one.rate == own else "soft", "middle")
        head, _, rest = mark_rate(one.curve).partition(": ")
        wrong = style if not rest else "alarm"
        yield words(x, _BOTTOM + 40, f"{head}:" if rest else head, wrong, "middle", longest=14)
        yield words(x, _BOTTOM + 56, rest, wrong, "middle", longest=14)


def _losses(sweep: Sequence[RateTried], across: Scale, height: Scale) -> Iterator[str]:
    sound = [
        (across(at), one.curve)
        for at, one in enumerate(sweep)
        if one.curve and one.curve.shape != "diverged"
    ]
    yield path([(x, height(curve.validation[-1])) for x, curve in sound])
    for x, curve in sound:
        yield rule(x, height(min(curve.validation)), x, height(curve.validation[-1]))
        yield diamond(x, height(min(curve.validation)), "ref")
        yield dot(x, height(curve.validation[-1]), "now")
    for at, one in enumerate(sweep):
        if one.curve is None or one.curve.shape == "diverged":
            yield bar(across(at) - 4, _TOP - 4, 8, 8, "bad")


def _legend() -> Iterator[str]:
    yield dot(18, 40, "now")
    yield words(28, 44, "after the last pass")
    yield diamond(180, 40, "ref")
    yield words(190, 44, "the lowest on the way")
    yield bar(356, 36, 8, 8, "bad")
    yield words(370, 44, "no finite numbers")


def _alt(sweep: Sequence[RateTried]) -> str:
    told = "; ".join(f"{one.rate:g} {mark_rate(one.curve)}" for one in sweep)
    return f"Sweep of {len(sweep)} learning rates: {told}."
