"""Pairs of models on the same gate nights, and what the gates and a bootstrap of rows say of them.

Which pairs make up a row of the table is `benchmarks.gates`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from benchmarks.bench import Bench
from benchmarks.learning import WINDOW, Learner, part
from benchmarks.rows_gates import GATE, JUDGED, equal_pairs
from benchmarks.streams import Indices, Stream, day, undrifted_spans
from schemas.judgement import Contest, GateNight
from schemas.project import Task
from tasks.core.evaluation import Judged, evaluate
from tasks.core.metrics import row_losses
from tasks.gates.metric_better import MetricBetter
from tasks.gates.slices_unharmed import SlicesUnharmed

Floats = npt.NDArray[np.float64]

METRICS = ("log_loss", "auc", "rmse", "mae")
BOOTSTRAPS = 400
NIGHT_ROWS = 50


@dataclass(frozen=True, eq=False)
class Pair:
    """Challenger and rival on the same rows; `words` are what slices are cut by."""

    task: Task
    nights: Indices
    target: Floats
    scores: tuple[Floats, Floats]
    words: dict[str, "pd.Series[Any]"]

    @cached_property
    def turned(self) -> "Pair":
        """The rival challenges."""
        return replace(self, scores=self.scores[::-1])

    @cached_property
    def contest(self) -> Contest:
        """What the gates see."""
        judged = Judged(
            self.target, self.scores[0], self.nights, rival=self.scores[1], words=self.words
        )
        return Contest(
            kind="change",
            nights=tuple(
                GateNight(as_of=day(int(n)), rows=int(rows), challenger=0, rival=0, prior=0)
                for n, rows in zip(*np.unique(self.nights, return_counts=True), strict=True)
            ),
            metrics={},
            evaluation=evaluate(self.task, judged, 0.5),
        )


def is_better(metric: str, pair: Pair) -> bool:
    """Whether the change gate promotes the challenger."""
    verdict = MetricBetter(metric=metric).judge(pair.contest)
    return verdict is not None and verdict.outcome == "passed"


def promotes_slices(pair: Pair) -> bool:
    """Whether no slice is found to be harmed."""
    verdict = SlicesUnharmed().judge(pair.contest)
    return verdict is not None and verdict.outcome != "refused"


def is_better_by_rows(metric: str, pair: Pair, draw: np.random.Generator) -> tuple[bool, bool]:
    """The rule that fails, a bootstrap that takes rows for independent; each once challenges."""
    rows = len(pair.target)
    times = draw.multinomial(rows, np.full(rows, 1 / rows), size=BOOTSTRAPS).astype(np.float64)
    if metric == "auc":
        one, other = (_auc(pair.target == 1, scores, times) for scores in pair.scores)
        gains = one - other
    else:
        gains = times @ (_losses(metric, pair, 1) - _losses(metric, pair, 0))
    return bool(np.quantile(gains, 0.025) > 0), bool(np.quantile(gains, 0.975) < 0)


def _losses(metric: str, pair: Pair, who: int) -> Floats:
    """Of the root mean square too: whose mean square is lower has the lower root."""
    if metric == "mae":
        return np.asarray(np.abs(pair.target - pair.scores[who]))
    return row_losses(pair.task, pair.target, pair.scores[who])


def _auc(positive: npt.NDArray[np.bool_], scores: Floats, times: Floats) -> Floats:
    """AUC of each sample, whose rows count so many times; ties are as rare as they are unfair."""
    order = np.argsort(-scores)
    weights, hit = times[:, order], positive[order]
    above = np.cumsum(weights * hit, axis=1)
    total = above[:, -1] * (weights * ~hit).sum(axis=1)
    return np.asarray((above * weights * ~hit).sum(axis=1) / total)


def equal_windows(
    bench: Bench, stream: Stream, *, sliced: bool = False
) -> list[Callable[[], list[Pair]]]:
    """Equals of each undrifted span, to be made when asked for: the pairs of `rows_gates`."""
    learner = Learner(stream, bench.cache)
    spans = undrifted_spans(stream, 2 * WINDOW + JUDGED)
    names = stream.recipe.categories if sliced else ()
    return [partial(_windows, learner, span, number, names) for number, span in enumerate(spans)]


def _windows(learner: Learner, span: Indices, number: int, names: tuple[str, ...]) -> list[Pair]:
    rows, places = learner.stream.learned_rows(span[2 * WINDOW :])
    words = learner.stream.frame[[*names]].iloc[rows].reset_index(drop=True)
    pairs = []
    for one, other in equal_pairs(learner, span, np.random.default_rng(number)):
        for first in range(0, JUDGED - GATE + 1, GATE // 2):
            mine, theirs = part(one, first, GATE), part(other, first, GATE)
            here = words[(places >= first) & (places < first + GATE)]
            scores = mine.prediction, theirs.prediction
            cut = {name: here[name] for name in names}
            pairs.append(Pair(learner.stream.recipe.task, mine.places, mine.target, scores, cut))
    return pairs


def equal_worlds(task: Task, seed: int, memory: float) -> Iterator[Pair]:
    """Two models of one law on 14 nights, each wrong in a way of its own that lasts for nights."""
    draw = np.random.default_rng([seed, task == "binary"])
    nights = np.repeat(np.arange(GATE), NIGHT_ROWS)
    signal = draw.normal(size=len(nights))
    truth = signal + 0.7 * _lasting(draw, memory)[nights]
    scores = [
        signal * (1 + 0.3 * _lasting(draw, memory)[nights]) + 0.4 * _lasting(draw, memory)[nights]
        for _ in range(2)
    ]
    if task == "binary":
        target = (draw.random(len(nights)) < expit(truth)).astype(np.float64)
        yield Pair(task, nights, target, (expit(scores[0]), expit(scores[1])), {})
    else:
        yield Pair(task, nights, truth + draw.normal(size=len(nights)), (scores[0], scores[1]), {})


def _lasting(draw: np.random.Generator, memory: float) -> Floats:
    """A value a night that remembers the night before."""
    values = draw.normal(size=GATE)
    for night in range(1, GATE):
        values[night] = memory * values[night - 1] + np.sqrt(1 - memory**2) * values[night]
    return values
