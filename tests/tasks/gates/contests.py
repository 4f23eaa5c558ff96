"""Builders of contests: two models on nights of rows, one of them as wrong as a test wants."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from schemas.judgement import Contest, GateNight, Kind, Verdict
from schemas.memorisation import Estimate, Memorised
from schemas.project import Gate, Task
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
    simple = fields.pop("simple", 1.5)
    shop = np.tile(SHOPS, len(night))[: len(night)]
    truth = draw.normal(size=len(night))
    target = truth + draw.normal(size=len(night)) / 2
    follows = np.where(shop == harmed, -0.5, 1)
    mine = truth * follows + noise * draw.normal(size=len(night))
    theirs = truth + 0.8 * draw.normal(size=len(night))
    simplest = truth + simple * np.random.default_rng(8).normal(size=len(night))
    if task == "binary":
        target = (draw.random(len(night)) < expit(2 * truth)).astype(float)
        mine, theirs, simplest = (expit(1.2 * made) for made in (mine, theirs, simplest))
    mine = fields.pop("scores", lambda scores: scores)(mine)
    rival = None if kind == "first" else theirs
    judged = Judged(target, mine, night, rival=rival, words={"shop": pd.Series(shop)})
    said = {"challenger": mine, "rival": theirs, "simplest": simplest}
    usual: dict[str, Any] = {
        "nights": [_night(task, target, said, night == n, n) for n in range(nights)],
        "metrics": {},
        "evaluation": evaluate(task, judged, 0.5),
        "challenger_bytes": 5_000,
        "judged_before": 2,
        "memorised": build_memorised(),
        "open_faults": (),
    }
    return Contest(**{"kind": kind, **usual, **fields})


def says(gate: Gate, contest: Contest) -> Verdict:
    """What the gate says, and would say again."""
    said = gate.judge(contest)
    assert said is not None
    assert gate.judge(contest) == said
    return said


def build_memorised(lost: float = 0.3, exposure: float = 0.1) -> Memorised:
    """Shares that were memorised, each certain to a twentieth."""
    both = (Estimate(value=x, lower=x - 0.05, upper=x + 0.05) for x in (lost, exposure))
    return Memorised(lost=next(both), noise=0.2, exposure=next(both))


def _night(
    task: Task, target: np.ndarray, said: dict[str, np.ndarray], at: np.ndarray, number: int
) -> GateNight:
    made = {**said, "prior": np.full(len(target), target.mean())}
    sums = {who: float(row_losses(task, target, one)[at].sum()) for who, one in made.items()}
    return GateNight(as_of=day(number), rows=int(at.sum()), **sums)
