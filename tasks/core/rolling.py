"""Rolling-origin folds: past cut-offs, each judged on the nights after it. Pure over dates.

The change gate and the ladder compare recipes on them. The split of a retrain is
`tasks.core.plan`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.core.plan import embargo_of, is_known_by

CUTS = 8
NIGHTS = 7


@dataclass(frozen=True)
class Fold:
    """`train` is known by the cut, `judge` are the next 7 nights from it on."""

    cut: date
    train: tuple[date, ...]
    judge: tuple[date, ...]


def nights_for(cuts: int, label_delay: int) -> int:
    """Nights that so many cut-offs need: as many to train on before the first as judge in all.

    >>> nights_for(8, label_delay=1), nights_for(8, label_delay=7)
    (112, 118)
    """
    return 2 * cuts * NIGHTS + embargo_of(label_delay)


def count_cuts(nights: int, label_delay: int) -> int:
    """The cut-offs that so many nights suffice for, 8 at most.

    >>> [count_cuts(nights, label_delay=1) for nights in (13, 14, 60, 1000)]
    [0, 1, 4, 8]
    """
    return max(0, min(CUTS, (nights - embargo_of(label_delay)) // (2 * NIGHTS)))


def rolling_folds(nights: Sequence[date], label_delay: int, cuts: int = CUTS) -> tuple[Fold, ...]:
    """Folds whose judging nights are the newest ones, one after the other, oldest fold first.

    `nights` are usable ones in order. A night whose labels were not complete by the cut trains
    no model of that fold.
    """
    folds = []
    for back in range(cuts, 0, -1):
        start = len(nights) - back * NIGHTS
        cut = nights[start]
        train = tuple(night for night in nights if is_known_by(night, cut, label_delay))
        folds.append(Fold(cut, train, tuple(nights[start : start + NIGHTS])))
    return tuple(folds)
