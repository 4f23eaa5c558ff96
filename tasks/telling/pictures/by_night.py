"""Lines by night, up to three of them, each told by its mark as well as by its colour.

The gate nights of a retrain's page are `.gate_nights`; this one has room for many nights.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.period import brief
from tasks.telling.figures import figure
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, bar, diamond, dot, draw, path, rule, words

_SIZE = (700, 240)
_LEFT, _RIGHT, _TOP, _BOTTOM = 66, 680, 66, 200
_LABELS = 11
"""Dates that find room below."""
_MARKS = 60
"""Nights up to which each has a mark."""
_STYLES = (("line", "now"), ("other", "ref"), ("third", "bad"))


@dataclass(frozen=True)
class Series:
    """One line."""

    name: str
    values: Mapping[date, float]


@dataclass(frozen=True)
class Band:
    """An interval over all nights, and what it is."""

    low: float
    high: float


def draw_by_night(
    title: str, alt: str, series: Sequence[Series], band: Band | None = None
) -> Picture:
    """The series over all their nights; with a `band`, zero and the interval are drawn as well."""
    nights = sorted({night for one in series for night in one.values})
    values = [value for one in series for value in one.values.values()]
    values += [0.0, band.low, band.high] if band else []
    height = Scale(min(values), max(values), _BOTTOM - 10, _TOP)
    across = Scale(0, max(len(nights) - 1, 1), _LEFT + 20, _RIGHT - 20)
    places = {night: across(number) for number, night in enumerate(nights)}
    parts = [*_band(band, height), *_axes(nights, places, height)]
    for number, one in enumerate(series):
        parts += _line(one, number, places, height, marked=len(nights) <= _MARKS)
    parts += _legend(series) if len(series) > 1 else []
    return draw(title, alt, _SIZE, parts)


def _band(band: Band | None, height: Scale) -> Iterator[str]:
    if band is None:
        return
    top, foot = height(band.high), height(band.low)
    yield bar(_LEFT, top, _RIGHT - _LEFT, max(foot - top, 1), "band")
    yield rule(_LEFT, height(0), _RIGHT, height(0))
    yield words(_LEFT - 6, height(0) + 4, "0", anchor="end")


def _axes(nights: Sequence[date], places: Mapping[date, float], height: Scale) -> Iterator[str]:
    yield rule(_LEFT, _BOTTOM, _RIGHT, _BOTTOM)
    for level in (height.low, height.high):
        if abs(height(level) - height(0)) > 14 or not height.low < 0 < height.high:
            yield words(_LEFT - 6, height(level) + 4, figure(level), anchor="end")
    every = -(-len(nights) // _LABELS)
    for night in nights[::every]:
        yield words(places[night], _BOTTOM + 20, brief(night), anchor="middle")


def _line(
    one: Series, number: int, places: Mapping[date, float], height: Scale, *, marked: bool
) -> Iterator[str]:
    line, fill = _STYLES[number]
    points = [(places[night], height(one.values[night])) for night in sorted(one.values)]
    yield path(points, line)
    if marked or len(points) == 1:
        yield from (_mark(x, y, number, fill) for x, y in points)


def _mark(x: float, y: float, number: int, fill: str) -> str:
    if number == 2:
        return bar(x - 4, y - 4, 8, 8, fill)
    return (dot, diamond)[number](x, y, fill)


def _legend(series: Sequence[Series]) -> Iterator[str]:
    x = 18.0
    for number, one in enumerate(series):
        yield _mark(x, 40, number, _STYLES[number][1])
        yield words(x + 10, 44, one.name, longest=34)
        x += 40 + 7 * min(len(one.name), 34)
