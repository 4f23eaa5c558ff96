"""The split of a retrain: which nights train, which judge. Pure over dates.

The rule is the refresh with a stand-in: the gate nights are unseen by both models that are judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schemas.judgement import Kind
from schemas.policy import Policy

_FIRST_GATE_NIGHTS = 28


@dataclass(frozen=True)
class Split:
    """Nights before `cut` train the challenger; `gate` judges; the refit takes all of them."""

    cut: date | None
    train: tuple[date, ...]
    gate: tuple[date, ...]
    nights_needed: int = 0


def split_nights(
    kind: Kind, usable: Sequence[date], stand_in_cut: date | None, policy: Policy
) -> Split:
    """The split for this kind of retrain.

    A refresh is judged on the newest `gate_nights`. A first champion is judged once and serves
    until a refresh, so a fifth of the history judges it, at most 28 nights: nights differ too
    much for a handful to tell a model from the constant. An edited recipe: `_split_change`.
    """
    nights = tuple(sorted(usable))
    if kind == "change" and stand_in_cut is not None:
        return _split_change(nights, stand_in_cut, policy)
    judges = policy.gate_nights
    if kind == "first":
        judges = max(judges, min(len(nights) // 5, _FIRST_GATE_NIGHTS))
    gate, train = nights[-judges:], nights[:-judges]
    if not train:
        return Split(None, (), (), judges + 1 - len(nights))
    return Split(gate[0], train, gate)


def _split_change(nights: tuple[date, ...], cut: date, policy: Policy) -> Split:
    """Fitted at the stand-in's own cut, so that both know equally much, and judged on all since.

    Nights before that cut may lack a column that the edited recipe needs. It then waits for as
    many nights of its own as a first champion.
    """
    train = tuple(night for night in nights if night < cut)
    if len(train) >= policy.change_nights:
        gate = nights[len(train) :]
        return Split(cut, train, gate, max(0, policy.change_nights - len(gate)))
    needed = max(0, policy.min_nights + policy.change_nights - len(nights))
    train, gate = nights[: -policy.change_nights], nights[-policy.change_nights :]
    return Split(gate[0] if train else None, train, gate if train else (), needed)
