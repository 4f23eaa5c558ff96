"""The rules of a search over parameters: what is proposed, what matters, when to search again.

What was tried is `tasks.engine.tuning`'s; the families' own rule of one standard error is `.rungs`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from schemas.curve import Curve, Shape
from schemas.period import between
from schemas.search import KeptOut, Measured, RateTried, Search

LEAST_TRIALS = 8
"""Trials below which no importance is told: ranks of fewer say nothing."""
AGAIN_NIGHTS = 182
"""Nights after which the last search is old."""
AGAIN_ROWS = 2.0
"""How many times the rows of the last search make another one worth while."""


def beats_project(project: Measured | None, kept_out: KeptOut | None) -> bool:
    """Whether the best trial is proposed in the place of the project's own parameters.

    It must be more than one standard error better, night by night, and no worse on the fold that
    chose nothing: the best of many is partly the luckiest.
    """
    if project is None:  # it failed
        return True
    is_behind = project.behind > project.standard_error
    return is_behind and kept_out is not None and kept_out.gain >= 0


def rank_importance(
    params: Sequence[Mapping[str, float]], losses: Sequence[float]
) -> dict[str, float]:
    """Of each parameter Spearman's correlation with the loss, without its sign.

    What rises and falls again, and what works only together, is not seen by it.
    """
    if len(losses) < LEAST_TRIALS:
        return {}
    names = {name: [one[name] for one in params] for name in params[0]}
    return {name: abs(_rank_correlation(values, losses)) for name, values in names.items()}


def _rank_correlation(values: Sequence[float], losses: Sequence[float]) -> float:
    one, other = (rankdata(each) - (len(losses) + 1) / 2 for each in (values, losses))
    norm = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return round(float((one * other).sum()) / norm, 3) if norm else 0.0


def why_again(searched: date, now: date, rows_then: int, rows_now: int) -> str | None:
    """Why another search is worth its cost; None while retrains may go on with what was found.

    >>> why_again(date(2026, 1, 1), date(2026, 3, 1), 1_000, 2_500)
    'the rows to learn from are 2.5 times those of then'
    """
    nights = between(now, searched)
    if nights > AGAIN_NIGHTS:
        return f"the last one is {nights} nights old, limit {AGAIN_NIGHTS}"
    if rows_now >= AGAIN_ROWS * rows_then:
        return f"the rows to learn from are {rows_now / rows_then:.2g} times those of then"
    return None


class Look(NamedTuple):
    """Whether a search that nobody asked for is due, and why, or why not."""

    is_due: bool
    why: str


def look_for(made: Search | None, now: date, rows: int, nights: int, needed: int) -> Look:
    """Whether to search as of `now`; `made` is the newest search of the kind.

    The champion learned from `rows` of `nights`; a first search waits until it knows as many
    nights as one needs.
    """
    if made is not None:
        why = why_again(made.as_of, now, made.trained_rows, rows)
        return Look(why is not None, why or f"what was found as of {made.as_of} holds")
    if nights < needed:
        return Look(False, f"needs {needed} labelled nights, and the champion knows {nights}")
    return Look(True, "none was made yet")


def mark_rate(curve: Curve | None) -> str:
    """What the curve of a learning rate says of the rate."""
    shape: Shape = curve.shape if curve else "diverged"
    return _MARKS[shape]


_MARKS: dict[Shape, str] = {
    "diverged": "too high: diverged",
    "overshoots": "too high: overshoots",
    "overfits": "overfits: fewer passes",
    "still_falling": "too low: still falling",
    "settled": "fits",
}


def best_rate(sweep: Sequence[RateTried]) -> RateTried | None:
    """The rate whose fit ends with the lowest loss on the later rows."""
    sound = [one for one in sweep if one.curve and one.curve.shape != "diverged"]
    return min(sound, key=_last, default=None)


def _last(one: RateTried) -> float:
    return one.curve.validation[-1] if one.curve else np.inf
