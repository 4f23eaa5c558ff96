"""Which training windows' fits serve together: the pruned mean, pure over past contests' losses.

It chooses among fits and shapes none, so it is not in `tasks.core`, whose source is part of every
model's id. Fitting the windows and reading their losses is `tasks.engine.windows`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from schemas.period import shift
from schemas.policy import Policy

TOLERANCE = 1.2
"""A window serves while its loss is at most so many times the best window's."""
SPAN = 70
"""Nights back to the oldest cut whose contest still counts."""
LEAST = 3
"""Contests before anything but all past serves."""

Length = int | None
"""The newest so many nights; None is all past."""


@dataclass(frozen=True)
class Tried:
    """Each window's mean loss on the gate nights after one cut."""

    cut: date
    last_gate_night: date
    losses: Mapping[Length, float]


def menu_of(policy: Policy) -> tuple[Length, ...]:
    """All past first, then from long to short: the first one kept stands for the champion.

    >>> menu_of(Policy(windows=(28, 91)))
    (None, 91, 28)
    """
    return (None, *reversed(policy.windows))


def length_of(window: Length, history: int) -> int:
    """How many nights a window takes of a history: one longer than that is all past."""
    return min(window or history, history)


def score_windows(
    menu: Sequence[Length], tried: Iterable[Tried], known: date
) -> dict[Length, float]:
    """Mean loss by window over the contests that were over by the night `known`.

    Nothing with fewer than three that had every window of the menu.
    """
    counted = {
        one.cut: one.losses
        for one in tried
        if one.last_gate_night <= known
        and one.cut > shift(known, -SPAN)
        and one.losses.keys() >= set(menu)
    }
    if len(counted) < LEAST:
        return {}
    return {window: fmean(losses[window] for losses in counted.values()) for window in menu}


def windows_to_judge(
    policy: Policy, tried: Iterable[Tried], scores: Mapping[Length, float], cut: date
) -> tuple[Length, ...]:
    """The windows of a challenger: those kept, and the pruned ones once in `gate_nights` nights.

    Every gate night then still tells of every window, at half the fits where each judges twice.
    """
    menu = menu_of(policy)
    full = [one.cut for one in tried if one.losses.keys() >= set(menu)]
    if not scores or max(full) <= shift(cut, -policy.gate_nights):
        return menu
    return _kept_in(menu, scores)


def windows_to_refit(
    policy: Policy, judged: Collection[Length], scores: Mapping[Length, float]
) -> tuple[Length, ...]:
    """The windows of the refit, which is a later challenger: all when all were judged this time."""
    menu = menu_of(policy)
    return menu if not scores or set(judged) >= set(menu) else _kept_in(menu, scores)


def _kept_in(menu: Sequence[Length], scores: Mapping[Length, float]) -> tuple[Length, ...]:
    kept = kept_windows(scores)
    return tuple(window for window in menu if window in kept)


def kept_windows(scores: Mapping[Length, float]) -> frozenset[Length]:
    """All past alone without scores; else the best window and those nearly as good.

    >>> sorted(kept_windows({28: 1.3, 91: 1.0, 365: 1.2}))
    [91, 365]
    """
    if not scores:
        return frozenset({None})
    worst = TOLERANCE * min(scores.values())
    return frozenset(window for window, score in scores.items() if score <= worst)
