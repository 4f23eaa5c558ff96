"""The loss of the newest labelled nights against the limits of both quality rules."""

from collections.abc import Iterator, Sequence

from schemas.monitoring import QualityPoint
from schemas.period import brief
from schemas.policy import Policy
from tasks.core.quality import QualityRule, quality_rules
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, dot, draw, path, rule, words

_SIZE = (700, 210)
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 530, 48, 158
_FAR = 6.0
"""Nights beyond this z are drawn there, or the limits could not be told apart; z is written."""


def draw_quality(points: Sequence[QualityPoint], policy: Policy) -> Picture:
    """One dot a night, as far above the usual loss as its z says; at least one night."""
    rules = quality_rules(points, policy)
    low = min(-1.5, *(point.z for point in points))
    high = max(*(one.z + 0.5 for one in rules), *(point.z for point in points))
    height = Scale(max(low, -_FAR), min(high, _FAR), _BOTTOM, _TOP)
    across = Scale(0, max(len(points) - 1, 1), _LEFT + 24, _RIGHT - 24)
    return draw(
        "Loss of the newest labelled nights, in standard deviations from usual (z)",
        _alt(points, rules),
        _SIZE,
        [*_limits(rules, len(points), height), *_nights(points, rules, height, across)],
    )


def _limits(rules: Sequence[QualityRule], nights: int, height: Scale) -> Iterator[str]:
    yield rule(_LEFT, height(0), _RIGHT, height(0))
    yield words(_LEFT - 6, height(0) + 4, "0", anchor="end")
    for one in rules:
        y = height(one.z)
        yield rule(_LEFT, y, _RIGHT, y, "limit")
        yield words(_LEFT - 6, y + 4, f"{one.z:g}", anchor="end")
        told = f"{one.high} of {min(one.of, nights)} above, alarm at {one.needed}"
        yield words(_RIGHT + 8, y + 4, told, "alarm" if one.alarms else "soft")


def _nights(
    points: Sequence[QualityPoint], rules: Sequence[QualityRule], height: Scale, across: Scale
) -> Iterator[str]:
    limit = min(one.z for one in rules)
    places = [(across(number), height(point.z)) for number, point in enumerate(points)]
    yield path(places)
    for (x, y), point in zip(places, points, strict=True):
        yield dot(x, y, "bad" if point.z > limit else "now")
        if point.z > limit:
            yield words(x, y - 8, f"{point.z:.1f}", "alarm", "middle")
        yield words(x, _BOTTOM + 20, brief(point.as_of), anchor="middle")
        yield words(x, _BOTTOM + 36, f"{point.loss:.3g}", anchor="middle")
    yield words(_RIGHT + 8, _BOTTOM + 36, "mean loss of a row")


def _alt(points: Sequence[QualityPoint], rules: Sequence[QualityRule]) -> str:
    newest = points[-1]
    counted = "; ".join(
        f"{one.high} of the newest {min(one.of, len(points))} above z {one.z:g}, "
        f"alarm at {one.needed}"
        for one in rules
    )
    return f"Quality of {len(points)} nights up to {newest.as_of}, z {newest.z:+.1f}; {counted}."
