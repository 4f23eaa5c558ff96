"""Bars from zero, one a name, each with its interval; what they stand for is the callers'."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, bar, draw, rule, words

_WIDTH, _LABEL, _RIGHT = 700, 200, 670
_TOP, _ROW = 42, 22


class Bar(NamedTuple):
    """A bar from zero to `value`; its whisker is the interval."""

    name: str
    value: float
    lower: float
    upper: float
    style: str


def draw_intervals(title: str, alt: str, bars: Sequence[Bar]) -> Picture:
    """One bar below the other."""
    ends = [end for one in bars for end in (one.lower, one.upper, one.value, 0.0)]
    along = Scale(min(ends), max(ends), _LABEL, _RIGHT)
    foot = _TOP + _ROW * len(bars)
    zero = along(0)
    axis = [rule(zero, _TOP, zero, foot), words(zero, foot + 16, "0", anchor="middle")]
    rows = (part for number, one in enumerate(bars) for part in _row(number, one, along))
    return draw(title, alt, (_WIDTH, foot + 28), chain(axis, rows))


def _row(number: int, one: Bar, along: Scale) -> Iterator[str]:
    y = _TOP + number * _ROW
    start, end = sorted((along(0), along(one.value)))
    yield words(_LABEL - 8, y + 15, one.name, anchor="end", longest=26)
    yield bar(start, y + 4, end - start, 13, one.style)
    yield rule(along(one.lower), y + 10.5, along(one.upper), y + 10.5)
