"""What each feature gains, a bar each with its interval over nights."""

from collections.abc import Iterator, Sequence
from itertools import chain

from schemas.examination import FeatureGain
from tasks.telling.markdown import Picture
from tasks.telling.pictures.frame import Scale, bar, draw, rule, words

_WIDTH, _LABEL, _RIGHT = 700, 200, 670
_TOP, _ROW = 42, 22


def draw_gains(gains: Sequence[FeatureGain]) -> Picture:
    """Bars from zero, blue where the interval lies above it, else grey; whiskers are intervals."""
    ends = [end for gain in gains for end in (gain.lower, gain.upper, gain.gain, 0.0)]
    along = Scale(min(ends), max(ends), _LABEL, _RIGHT)
    foot = _TOP + _ROW * len(gains)
    zero = along(0)
    axis = [rule(zero, _TOP, zero, foot), words(zero, foot + 16, "0", anchor="middle")]
    return draw(
        "Loss a row that a feature saves, with its 95 % interval over nights",
        _alt(gains),
        (_WIDTH, foot + 28),
        chain(axis, (part for n, gain in enumerate(gains) for part in _bar(n, gain, along))),
    )


def _bar(number: int, gain: FeatureGain, along: Scale) -> Iterator[str]:
    y = _TOP + number * _ROW
    start, end = sorted((along(0), along(gain.gain)))
    yield words(_LABEL - 8, y + 15, gain.feature, anchor="end", longest=26)
    yield bar(start, y + 4, end - start, 13, "now" if gain.is_shown else "ref")
    yield rule(along(gain.lower), y + 10.5, along(gain.upper), y + 10.5)


def _alt(gains: Sequence[FeatureGain]) -> str:
    shown = sum(gain.is_shown for gain in gains)
    return (
        f"{shown} of {len(gains)} features show a gain; {gains[0].feature} the largest, "
        f"{gains[0].gain:.3g} a row."
    )
