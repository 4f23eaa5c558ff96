"""Simpler models against the incumbent's trees: which rule lets how many truly worse ones pass?

Rules are compared on windows of 14 nights, the truth is what the same pair does on the other nights
of its span. The rule that was chosen is `tasks.gates.better_or_simpler`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.learning import WINDOW, Learner, Scores
from benchmarks.rows_gates import GATE, JUDGED
from benchmarks.streams import Stream, day, undrifted_spans
from schemas.judgement import Contest, GateNight
from schemas.project import ModelFamily
from tasks.core.metrics import row_losses
from tasks.families.linear import Linear
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost
from tasks.gates.better import Better
from tasks.gates.better_or_simpler import BetterOrSimpler
from tasks.gates.paired import Pairs, pair_with_rival

SIMPLER: tuple[ModelFamily, ...] = (
    Linear(),
    Tree(),
    *(XGBoost(n_rounds=rounds, max_depth=depth) for rounds, depth in ((15, 3), (30, 4), (40, 6))),
)
TOLERANCE = 0.05
CHOSEN = "not inferior by 5 %, t 95 %"
RULES: dict[str, Callable[[Contest, Pairs, float], bool]] = {
    "better, t 99 %": lambda contest, *_: _passes(Better(), contest),
    CHOSEN: lambda contest, *_: _passes(BetterOrSimpler(), contest),
    "not inferior by 10 %, t 95 %": lambda contest, *_: _passes(
        BetterOrSimpler(tolerance=0.1), contest
    ),
    "within 5 %, not worse": lambda _, pairs, gain: (
        pairs.gain > -TOLERANCE * gain and pairs.upper(0.95) >= 0
    ),
    "within one standard error": lambda _, pairs, __: pairs.gain > -pairs.nights.standard_error,
    "not worse, t 95 %": lambda _, pairs, __: pairs.upper(0.95) >= 0,
}


@dataclass(frozen=True)
class _Judged:
    """One judgement: what each rule says, and the share of the gain that is lost in truth."""

    passed: dict[str, bool]
    lost: float


def simpler(bench: Bench) -> Iterator[Figure]:
    """Promoted among those that lose over 5 % of the gain in truth, and among the others."""
    everything: list[_Judged] = []
    for stream in bench.streams():
        judged = list(_judgements(bench, stream))
        everything += judged
        yield from _figures(stream.name, judged)
    yield from _figures("all", everything)


def _figures(name: str, judged: list[_Judged]) -> Iterator[Figure]:
    worse = [one for one in judged if one.lost > TOLERANCE]
    others = [one for one in judged if one.lost <= TOLERANCE]
    yield Figure(name, "judgements, truly worse by over 5 %", len(worse), unit="")
    for rule in RULES:
        wrong = [one.lost for one in worse if one.passed[rule]]
        limit = 5.0 if (name, rule) == ("all", CHOSEN) else None
        share = percent(len(wrong), len(worse))
        yield Figure(name, f"truly worse promoted, {rule}", share, at_most=limit)
        if wrong:
            much = 100 * float(np.median(wrong))
            yield Figure(name, f"gain lost by those, median, {rule}", much)
        right = sum(one.passed[rule] for one in others)
        yield Figure(name, f"as good promoted, {rule}", percent(right, max(len(others), 1)))


def _judgements(bench: Bench, stream: Stream) -> Iterator[_Judged]:
    learner = Learner(stream, bench.cache)
    for span in bench.progress(undrifted_spans(stream, WINDOW + JUDGED)):
        train, nights = np.split(span, [WINDOW])
        rows, _ = stream.learned_rows(train)
        prior = float(learner.target_of(rows).mean())
        incumbent = learner.score(train, nights)
        for family in SIMPLER:
            sums = _sums(stream, learner.score(train, nights, family), incumbent, prior)
            for first in range(0, JUDGED - GATE + 1, GATE):
                inside = np.arange(JUDGED) // GATE == first // GATE
                contest = _contest({who: made[inside] for who, made in sums.items()})
                rest = {who: made[~inside].sum() for who, made in sums.items()}
                lost = (rest["challenger"] - rest["rival"]) / (rest["prior"] - rest["rival"])
                if rest["prior"] > rest["rival"]:
                    yield _Judged(_said(contest), float(lost))


def _sums(stream: Stream, challenger: Scores, rival: Scores, prior: float) -> dict[str, np.ndarray]:
    said = {"challenger": challenger.prediction, "rival": rival.prediction}
    said["prior"] = np.full(len(rival.target), prior)
    sums: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(JUDGED))
    for who, scores in said.items():
        losses = row_losses(stream.recipe.task, rival.target, scores)
        sums[who] = np.bincount(rival.places, losses, JUDGED)
    sums["rows"] = np.bincount(rival.places, minlength=JUDGED)
    return dict(sums)


def _contest(sums: dict[str, np.ndarray]) -> Contest:
    nights = [
        GateNight(
            as_of=day(place),
            rows=int(rows),
            **{who: float(sums[who][place]) for who in ("challenger", "rival", "prior")},
        )
        for place, rows in enumerate(sums["rows"])
        if rows
    ]
    return Contest(kind="change", nights=tuple(nights), metrics={}, is_simpler=True)


def _said(contest: Contest) -> dict[str, bool]:
    pairs = pair_with_rival(contest)
    rows = sum(night.rows for night in contest.nights)
    gain = sum(night.prior - (night.rival or 0.0) for night in contest.nights) / rows
    return {rule: says(contest, pairs, gain) for rule, says in RULES.items()}


def _passes(gate: Better | BetterOrSimpler, contest: Contest) -> bool:
    verdict = gate.judge(contest)
    return verdict is not None and verdict.outcome == "passed"
