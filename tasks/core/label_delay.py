"""How long labels take, learned from when each became known. What they hold is `labelling`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from schemas.labels import Labels
from schemas.period import between

SHARES = (0.5, 0.9, 0.99)


@dataclass(frozen=True)
class LearnedDelay:
    """Nights after which so many of the labels that came at all were known.

    `quantiles` go with `SHARES`. A run looks for labels from the declared delay on, so that a
    shorter one than declared cannot be seen.
    """

    nights: int
    labels: int
    quantiles: tuple[int, ...]


def learn_delay(revisions: Mapping[date, Sequence[Labels]]) -> LearnedDelay | None:
    """From every revision of each night's labels, oldest first; None where none says when it came.

    A revision counts with what it has more than the one before: corrections add nothing.
    """
    delays: list[int] = []
    weights: list[int] = []
    nights = set()
    for night, labels in revisions.items():
        most = 0
        for one in labels:
            if one.known is not None and one.kept > most:
                delays.append(between(one.known, night))
                weights.append(one.kept - most)
                nights.add(night)
            most = max(most, one.kept)
    if not delays:
        return None
    order = np.argsort(delays, kind="stable")
    reached = np.cumsum(np.array(weights)[order])
    at = np.searchsorted(reached, np.array(SHARES) * reached[-1])
    ordered = np.array(delays)[order]
    return LearnedDelay(len(nights), int(reached[-1]), tuple(int(ordered[one]) for one in at))


def judge_delay(learned: LearnedDelay, declared: int, coverage: float) -> str | None:
    """What is wrong with the declared delay, beside labels for `coverage` of the rows; or None."""
    late = [
        (share, nights)
        for share, nights in zip(SHARES, learned.quantiles, strict=True)
        if share <= coverage and nights > declared
    ]
    if not late:
        return None
    share, nights = late[-1]
    return (
        f"{share:.0%} of labels take {nights} nights, label_delay is {declared}: nights wait for "
        f"them; declare label_delay={nights}"
    )
