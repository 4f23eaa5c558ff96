"""What each feature contributes to one prediction, a bar each from zero."""

from collections.abc import Iterator, Sequence
from itertools import chain

from tasks.telling.figures import signed
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, bar, draw, rule, words

_WIDTH, _LABEL, _RIGHT = 700, 270, 610
_TOP, _ROW = 42, 22

Bar = tuple[str, float]


def draw_contributions(title: str, alt: str, bars: Sequence[Bar]) -> Picture:
    """Bars to the right raise the prediction, those to the left lower it; each has its number."""
    values = [0.0, *(value for _, value in bars)]
    along = Scale(min(values), max(values), _LABEL, _RIGHT)
    foot = _TOP + _ROW * len(bars)
    axis = [rule(along(0), _TOP, along(0), foot), words(along(0), foot + 16, "0", anchor="middle")]
    parts = (part for number, one in enumerate(bars) for part in _bar(number, one, along))
    return draw(title, alt, (_WIDTH, foot + 28), chain(axis, parts))


def _bar(number: int, one: Bar, along: Scale) -> Iterator[str]:
    name, value = one
    y = _TOP + number * _ROW
    start, end = sorted((along(0), along(value)))
    yield words(_LABEL - 10, y + 15, name, anchor="end", longest=38)
    yield bar(start, y + 4, end - start, 13, "now" if value >= 0 else "bad")
    yield words(_RIGHT + 8, y + 15, signed(value))
