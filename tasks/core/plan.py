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
    much for a handful to tell a model from the constant. An edited recipe is fitted at the
    stand-in's own cut, so that both know equally much, and needs `change_nights`.
    """
    nights = tuple(sorted(usable))
    if kind == "change" and stand_in_cut is not None:
        gate = tuple(night for night in nights if night >= stand_in_cut)
        needed = max(0, policy.change_nights - len(gate))
        train = tuple(night for night in nights if night < stand_in_cut)
        return Split(stand_in_cut, train, gate, needed)
    judges = policy.gate_nights
    if kind == "first":
        judges = max(judges, min(len(nights) // 5, _FIRST_GATE_NIGHTS))
    gate, train = nights[-judges:], nights[:-judges]
    if not train:
        return Split(None, (), (), judges + 1 - len(nights))
    return Split(gate[0], train, gate)
