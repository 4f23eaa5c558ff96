"""The change gate's preferred contest: both recipes fitted at the same past cut-offs.

Freshness is then equal by construction, so that a change of parameters is decided at once.
"""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from schemas.model import Card
from schemas.project import Project
from tasks.core.rolling import CUTS, NIGHTS, nights_for, rolling_folds
from tasks.engine.contest import Bout, Match, Scorer, hold_contest
from tasks.engine.fits import Fitter
from tasks.engine.groups import can_judge
from tasks.engine.revive import can_refit
from tasks.engine.simplest import fit_simplest
from tasks.engine.usable import UsableNight
from tasks.store import Store


def can_recut(store: Store, project: Project, card: Card, nights: Sequence[UsableNight]) -> bool:
    """Whether both recipes can be fitted at 8 cut-offs with as many nights of training before.

    Where the project has groups, as many of the nights since must be able to judge as another
    contest would need.
    """
    if len(nights) < nights_for(CUTS, project.label_delay) or not can_refit(project, card):
        return False
    if project.groups is None:
        return True
    able = sum(can_judge(store, project, night) for night in nights[-CUTS * NIGHTS :])
    return able >= min(project.policy.change_nights, CUTS * NIGHTS)


def contest_on_same_cuts(
    fitter: Fitter,
    incumbent: Project,
    nights: Sequence[UsableNight],
    others: Mapping[str, Scorer],
) -> tuple[Match, int]:
    """Challenger recipe against the incumbent's at cut-offs 7, 14, ..., 56 nights back.

    Each pair of fits is scored on its next 7 nights, by `others` as well. Returns the contest over
    all these nights (its metrics are those of the newest 7) and the cost in rows x rounds.
    """
    other = Fitter(fitter.store, incumbent, fitter.known)
    is_same_frame = _shaping(incumbent) == _shaping(fitter.project)
    bouts: list[Bout] = []
    cost = 0
    found = {night.as_of: night for night in nights}
    for fold in rolling_folds(list(found), fitter.project.label_delay, CUTS):
        known = [found[night] for night in fold.train]
        prepare = cache(partial(fitter.prepare_to_be_judged, known))
        challenger, spent = fitter.fit_to_be_judged(known, fold.cut, prepare)
        shared = prepare if is_same_frame else None
        rival, spent_too = other.fit_to_be_judged(known, fold.cut, shared)
        simplest, more = fit_simplest(fitter, known, fold.cut, "change", prepare)
        cost += spent + spent_too + more
        judges = [found[night] for night in fold.judge]
        bouts.append(Bout(challenger, (incumbent, (rival,)), judges, {**others, **simplest}))
    return hold_contest(fitter.store, fitter.project, "change", bouts), cost


def _shaping(project: Project) -> Any:
    """All that features and target of a training set depend on, beside its rows."""
    return project.features, project.past, project.target, project.contract
