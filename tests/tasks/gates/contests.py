"""Builders of contests: two models on nights of rows, one of them as wrong as a test wants."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from schemas.judgement import Contest, GateNight, Kind
from schemas.project import Task
from tasks.core.evaluation import Judged, evaluate
from tasks.core.metrics import row_losses
from tests.tasks.core.nights import day

NIGHTS, ROWS = 14, 60
SHOPS = ("east", "north", "south")


def build_contest(
    kind: Kind = "change",
    task: Task = "binary",
    noise: float = 0.8,
    harmed: str = "",
    nights: int = NIGHTS,
    **fields: Any,
) -> Contest:
    """A challenger and a rival of which each is wrong in its own way, by `noise` the challenger.

    In the `harmed` shop it says the contrary. `scores` alters its scores, `fields` the contest.
    """
    draw = np.random.default_rng(7)
    night = np.repeat(np.arange(nights), ROWS)
    shop = np.tile(SHOPS, len(night))[: len(night)]
    truth = draw.normal(size=len(night))
    target = truth + draw.normal(size=len(night)) / 2
    follows = np.where(shop == harmed, -0.5, 1)
    mine = truth * follows + noise * draw.normal(size=len(night))
    theirs = truth + 0.8 * draw.normal(size=len(night))
    if task == "binary":
        target = (draw.random(len(night)) < expit(2 * truth)).astype(float)
        mine, theirs = expit(1.2 * mine), expit(1.2 * theirs)
    mine = fields.pop("scores", lambda scores: scores)(mine)
    rival = None if kind == "first" else theirs
    judged = Judged(target, mine, night, rival=rival, words={"shop": pd.Series(shop)})
    usual: dict[str, Any] = {
        "nights": [_night(task, target, mine, theirs, night == n, n) for n in range(nights)],
        "metrics": {},
        "evaluation": evaluate(task, judged, 0.5),
        "challenger_bytes": 5_000,
        "judged_before": 2,
    }
    return Contest(**{"kind": kind, **usual, **fields})


def _night(
    task: Task,
    target: np.ndarray,
    mine: np.ndarray,
    theirs: np.ndarray,
    at: np.ndarray,
    number: int,
) -> GateNight:
    constant = np.full(int(at.sum()), target.mean())
    said = {"challenger": mine[at], "rival": theirs[at], "prior": constant}
    sums = {who: float(row_losses(task, target[at], made).sum()) for who, made in said.items()}
    return GateNight(as_of=day(number), rows=int(at.sum()), **sums)
