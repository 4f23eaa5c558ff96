"""The self-test of gates on a small world of scored nights."""

import numpy as np
import pandas as pd
from scipy.special import expit

from schemas.project import Gate
from schemas.self_test import SelfTest
from tasks.engine.contest import Scored, weigh
from tasks.engine.self_test import try_gates
from tests.building.project import build_project
from tests.tasks.core.nights import day
from tests.tasks.gates.contests import NIGHTS, ROWS


def try_on(*gates: Gate, nights: int = NIGHTS, champion: float = 2.0) -> SelfTest:
    """What these gates say, of a champion that follows the truth so strongly."""
    draw = np.random.default_rng(5)
    scored = []
    for number in range(nights):
        truth = draw.normal(size=ROWS)
        target = (draw.random(ROWS) < expit(2 * truth)).astype(float)
        scores = expit(champion * truth)
        said = {
            "challenger": scores,
            "rival": scores,
            "prior": np.full(ROWS, 0.5),
            "shuffled": expit(0.1 * draw.normal(size=ROWS)),
        }
        scored.append(Scored(day(number), 0, pd.DataFrame(index=range(ROWS)), target, said))
    project = build_project(gates=gates)
    contest = weigh(project, "change", scored, nights * ROWS)
    known = contest.model_copy(update={"challenger_bytes": 5_000})
    tested = try_gates(project, known, scored)
    assert tested is not None
    return tested
