"""The loss of a challenger against its rival's, gate night by gate night."""

from collections.abc import Iterator, Sequence
from itertools import chain

from schemas.judgement import GateNight
from schemas.period import brief
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, diamond, dot, draw, path, rule, words

_SIZE = (700, 220)
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 680, 62, 180
_LABELS = 12
"""Dates that find room below."""


def draw_gate_nights(nights: Sequence[GateNight]) -> Picture:
    """Mean loss of a row by night, of the challenger and of what it must hold against."""
    rival = rival_name(nights)
    mine = [night.challenger / night.rows for night in nights]
    theirs = [_rival(night) / night.rows for night in nights]
    low, high = min(mine + theirs), max(mine + theirs)
    height = Scale(low, high, _BOTTOM - 12, _TOP)
    across = Scale(0, max(len(nights) - 1, 1), _LEFT + 24, _RIGHT - 24)
    places = [across(number) for number in range(len(nights))]
    return draw(
        "Mean loss of a row on nights that neither has seen (lower is better)",
        _alt(nights, mine, theirs, rival),
        _SIZE,
        chain(
            _axes(nights, places, height),
            _series(places, [height(loss) for loss in theirs], "other", "ref"),
            _series(places, [height(loss) for loss in mine], "line", "now"),
            _legend(rival),
        ),
    )


def rival_name(nights: Sequence[GateNight]) -> str:
    """What a first champion meets is the constant, anything later the champion's stand-in."""
    return "constant" if any(night.rival is None for night in nights) else "stand-in"


def _rival(night: GateNight) -> float:
    return night.prior if night.rival is None else night.rival


def _axes(nights: Sequence[GateNight], places: Sequence[float], height: Scale) -> Iterator[str]:
    yield rule(_LEFT, _BOTTOM, _RIGHT, _BOTTOM)
    for level in (height.low, height.high):
        yield words(_LEFT - 6, height(level) + 4, f"{level:.3g}", anchor="end")
    every = -(-len(nights) // _LABELS)
    for x, night in list(zip(places, nights, strict=True))[::every]:
        yield words(x, _BOTTOM + 20, brief(night.as_of), anchor="middle")


def _series(
    places: Sequence[float], heights: Sequence[float], line: str, fill: str
) -> Iterator[str]:
    mark = dot if fill == "now" else diamond
    yield path(zip(places, heights, strict=True), line)
    for x, y in zip(places, heights, strict=True):
        yield mark(x, y, fill)


def _legend(rival: str) -> Iterator[str]:
    yield dot(18, 40, "now")
    yield words(28, 44, "challenger")
    yield diamond(118, 40, "ref")
    yield words(128, 44, rival)


def _alt(
    nights: Sequence[GateNight], mine: Sequence[float], theirs: Sequence[float], rival: str
) -> str:
    better = sum(one < other for one, other in zip(mine, theirs, strict=True))
    return (
        f"The challenger lost less than the {rival} on {better} of {len(nights)} gate nights, "
        f"{nights[0].as_of} to {nights[-1].as_of}."
    )
