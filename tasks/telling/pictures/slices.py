"""How much better or worse the challenger is in each slice, with intervals over nights."""

from collections.abc import Sequence

from tasks.telling.markdown import Picture
from tasks.telling.pictures.intervals import Bar, draw_intervals


def draw_slices(metric: str, slices: Sequence[tuple[str, float, float, float]]) -> Picture:
    """Name, gain and its interval of each slice; red where all of the interval is harm."""
    bars = [Bar(*one, style=_style(*one[2:])) for one in slices]
    return draw_intervals(
        f"Gain in {metric} by slice, 95 % interval; right of 0 is better",
        _alt(metric, bars),
        bars,
    )


def _style(lower: float, upper: float) -> str:
    if upper < 0:
        return "bad"
    return "now" if lower > 0 else "ref"


def _alt(metric: str, bars: Sequence[Bar]) -> str:
    counts = {style: sum(one.style == style for one in bars) for style in ("now", "bad")}
    worst = min(bars, key=lambda one: one.value)
    return (
        f"In {metric} {counts['now']} of {len(bars)} slices are better and {counts['bad']} worse "
        f"beyond their intervals; {worst.name} gains least, {worst.value:+.3g}."
    )
