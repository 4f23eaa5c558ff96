"""How often the self-test of the gates freezes promotion though nothing is wrong with them.

What it says is `tasks.engine.self_test`; the rows judged here are undrifted nights and real ones.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.learning import WINDOW, Floats, Learner, Scores
from benchmarks.rows_gates import GATE, JUDGED
from benchmarks.streams import Indices, Stream, cut_spans, day, halved, undrifted_spans
from flows.projects.bikes import PROJECT
from schemas.judgement import Contest, Verdict
from schemas.project import Gate, Project
from schemas.self_test import SelfTest
from tasks.core.left_out import METRICS as OF_TASK
from tasks.engine.contest import Scored, weigh
from tasks.engine.self_test import try_gates
from tasks.gates.better import Better
from tasks.gates.better_or_simpler import BetterOrSimpler
from tasks.gates.calibrated import Calibrated
from tasks.gates.metric_better import MetricBetter
from tasks.gates.sane_scores import SaneScores

_COMPARED = ("log_loss", "auc", "recall", "rmse", "mae")


class PassAll(Gate):
    """A gate that is broken."""

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, whatever the contest."""
        return Verdict(gate="pass_all", outcome="passed", sentence="always")


def freezes(bench: Bench) -> Iterator[Figure]:
    """Self-tests that fail, of sound gates and of a broken one; and what they cannot say."""
    for stream in bench.streams():
        found = [stream, halved(stream)] if stream.recipe.task == "regression" else [stream]
        for one in found:
            yield from _of_stream(bench, one)


def _of_stream(bench: Bench, stream: Stream) -> Iterator[Figure]:
    task = stream.recipe.task
    usual: list[Gate] = [SaneScores(), *([Calibrated()] if task == "binary" else [])]
    sets: dict[str, list[Gate]] = {"better": [Better(), *usual], "simpler": [BetterOrSimpler()]}
    for metric in _COMPARED:
        if metric in OF_TASK[task]:
            sets[metric] = [MetricBetter(metric=metric)]
    sets["pass all"] = [PassAll()]
    spans = {
        "undrifted": undrifted_spans(stream, WINDOW + JUDGED),
        "real order": cut_spans(stream, WINDOW + JUDGED),
    }
    for order, chosen in spans.items():
        scored = [one for span in bench.progress(chosen) for one in _windows(bench, stream, span)]
        for name, gates in sets.items():
            if order == "real order" and name in _COMPARED:
                continue
            project = PROJECT.model_copy(update={"task": task, "gates": tuple(gates)})
            tested = [test for one in scored if (test := _test(project, one))]
            yield from _figures(stream.name, f"{name}, {order}", tested, broken=name == "pass all")


def _figures(
    subject: str, what: str, tested: Sequence[SelfTest], *, broken: bool
) -> Iterator[Figure]:
    failed = percent(sum(bool(test.wrong) for test in tested), len(tested))
    least, most = (100.0, None) if broken else (None, 0.0)
    yield Figure(subject, f"self-tests failed, {what}", failed, at_least=least, at_most=most)
    said = Counter((t.who, t.finding) for test in tested for t in test.trials)
    for who in ("noise", "shuffled", "oracle"):
        unsaid = said[who, "cannot say"]
        if unsaid and not broken:
            share = percent(unsaid, len(tested))
            yield Figure(subject, f"cannot say of {who}, {what}", share)


def _windows(bench: Bench, stream: Stream, span: Indices) -> Iterator[tuple[Scored, ...]]:
    """Two windows of 14 nights, each with the champion's scores and those of shuffled labels."""
    learner = Learner(stream, bench.cache)
    draw = np.random.default_rng(int(span[0]))
    train, gate = np.split(span, [WINDOW])
    champion = learner.score(train, gate)
    shuffled = learner.score(train, gate, spoil=lambda target, _: draw.permutation(target))
    rows, _ = stream.learned_rows(train)
    prior = float(learner.target_of(rows).mean())
    for first in range(0, JUDGED - GATE + 1, 2 * GATE):
        nights = range(first, first + GATE)
        yield tuple(
            _scored(champion, shuffled.prediction, prior, night)
            for night in nights
            if (champion.places == night).any()
        )


def _scored(champion: Scores, shuffled: Floats, prior: float, night: int) -> Scored:
    inside = champion.places == night
    target, scores = champion.target[inside], champion.prediction[inside]
    said = {
        "challenger": scores,
        "rival": scores,
        "prior": np.full(len(target), prior),
        "shuffled": shuffled[inside],
    }
    return Scored(day(night), 0, pd.DataFrame(index=range(len(target))), target, said)


def _test(project: Project, scored: tuple[Scored, ...]) -> SelfTest | None:
    contest = weigh(project, "change", scored, sum(len(one.target) for one in scored))
    return try_gates(project, contest, scored)
