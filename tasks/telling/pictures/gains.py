"""What each feature gains, a bar each with its interval over nights."""

from collections.abc import Sequence

from schemas.examination import FeatureGain
from tasks.telling.markdown import Picture
from tasks.telling.pictures.intervals import Bar, draw_intervals


def draw_gains(gains: Sequence[FeatureGain]) -> Picture:
    """Bars from zero, blue where the interval lies above it, else grey; whiskers are intervals."""
    return draw_intervals(
        "Loss a row that a feature saves, with its 95 % interval over nights",
        _alt(gains),
        [
            Bar(one.feature, one.gain, one.lower, one.upper, "now" if one.is_shown else "ref")
            for one in gains
        ],
    )


def _alt(gains: Sequence[FeatureGain]) -> str:
    shown = sum(gain.is_shown for gain in gains)
    return (
        f"{shown} of {len(gains)} features show a gain; {gains[0].feature} the largest, "
        f"{gains[0].gain:.3g} a row."
    )
