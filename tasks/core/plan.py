"""The split of a retrain: which nights train, which judge. Pure over dates.

The rule is the refresh with a stand-in: the gate nights are unseen by both models that are judged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from schemas.judgement import Kind
from schemas.period import shift
from schemas.policy import Policy

_FIRST_GATE_NIGHTS = 28

CanJudge = Callable[[date], bool]
"""Whether a night has rows that may judge; asked of no more nights than it takes."""


@dataclass(frozen=True)
class Split:
    """`train` fits the challenger, all of it known by `cut`; `gate` judges from `cut` on.

    The refit takes these and every usable night beside them.
    """

    cut: date | None
    train: tuple[date, ...]
    gate: tuple[date, ...]
    nights_needed: int = 0


def any_night(_: date) -> bool:
    """Without groups each night can judge."""
    return True


def embargo_of(label_delay: int) -> int:
    """Nights before a cut whose labels were not complete when the first gate night began.

    >>> embargo_of(label_delay=1), embargo_of(label_delay=7)
    (0, 6)
    """
    return max(0, label_delay - 1)


def is_known_by(night: date, cut: date, label_delay: int) -> bool:
    """Whether the night lies before the cut and its labels were complete by then."""
    return shift(night, max(1, label_delay)) <= cut


def refits_until_judged(policy: Policy, label_delay: int) -> int:
    """How many promotions back a refit was made on just the nights of a challenger of today.

    There is one where the schedule was kept and the embargo is a multiple of `refresh_every`.

    >>> refits_until_judged(Policy(refresh_every=3, gate_nights=6), label_delay=4)
    3
    """
    return (policy.gate_nights + embargo_of(label_delay)) // policy.refresh_every


def split_nights(
    kind: Kind,
    usable: Sequence[date],
    stand_in_cut: date | None,
    policy: Policy,
    label_delay: int,
    can_judge: CanJudge = any_night,
) -> Split:
    """The split for this kind of retrain; a night that cannot judge is no gate night.

    A refresh is judged on the newest `gate_nights`. A first champion is judged once and serves
    until a refresh, so a fifth of the history judges it, at most 28 nights: nights differ too
    much for a handful to tell a model from the constant. An edited recipe: `_split_change`.
    """
    nights = tuple(sorted(usable))
    if kind == "change" and stand_in_cut is not None:
        return _split_change(nights, stand_in_cut, policy, label_delay, can_judge)
    judges = policy.gate_nights
    if kind == "first":
        judges = max(judges, min(len(nights) // 5, _FIRST_GATE_NIGHTS))
    gate = _newest(nights, judges, can_judge)
    train = _known_by(gate[0], nights, label_delay) if gate else ()
    if not train:
        needed = judges + 1 + embargo_of(label_delay) - len(nights)
        return Split(None, (), (), max(1, needed))
    return Split(gate[0], train, gate)


def _split_change(
    nights: tuple[date, ...], cut: date, policy: Policy, label_delay: int, can_judge: CanJudge
) -> Split:
    """Fitted at the stand-in's own cut, so that both know equally much, and judged on all since.

    Nights before that cut may lack a column that the edited recipe needs. It then waits for as
    many nights of its own as a first champion.
    """
    train = _known_by(cut, nights, label_delay)
    if len(train) >= policy.change_nights:
        gate = tuple(night for night in nights if night >= cut and can_judge(night))
        return Split(cut, train, gate, max(0, policy.change_nights - len(gate)))
    least = policy.min_nights + policy.change_nights + embargo_of(label_delay)
    gate = _newest(nights, policy.change_nights, can_judge)
    train = _known_by(gate[0], nights, label_delay) if gate else ()
    needed = max(least - len(nights), policy.change_nights - len(gate))
    if not train:
        return Split(None, (), (), max(1, needed))
    return Split(gate[0], train, gate, max(0, needed))


def _newest(nights: Sequence[date], count: int, can_judge: CanJudge) -> tuple[date, ...]:
    return tuple(reversed([*islice(filter(can_judge, reversed(nights)), count)]))


def _known_by(cut: date, nights: Sequence[date], label_delay: int) -> tuple[date, ...]:
    return tuple(night for night in nights if is_known_by(night, cut, label_delay))
