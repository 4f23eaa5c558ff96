"""Gates between models that are equal, better or spoiled, and the promise of the stand-in.

The gates are `tasks.gates`; the bootstrap of rows is here only as the rival that fails.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.learning import TREES, WINDOW, Floats, Learner, Scores, part
from benchmarks.streams import Indices, cut_spans, day, undrifted_spans
from schemas.judgement import Contest
from schemas.policy import Policy
from tasks.core.plan import is_known_by, split_nights
from tasks.families.xgboost import XGBoost
from tasks.gates.better import Better
from tasks.gates.not_worse import NotWorse

GATE = 14
JUDGED = 56
RANDOM_TREES = XGBoost(n_rounds=60, max_depth=6, learning_rate=0.2, subsample=0.8)
SMALL_TREES = XGBoost(n_rounds=30, max_depth=3, learning_rate=0.2)
BOOTSTRAPS = 400


def equals(bench: Bench) -> Iterator[Figure]:
    """Models that are equal by making: other seeds, other nights, resampled nights."""
    shares, row_shares = [], []
    for stream in bench.streams():
        learner = Learner(stream, bench.cache)
        passed, row_passed = [], []
        spans = undrifted_spans(stream, 2 * WINDOW + JUDGED)
        for number, span in enumerate(bench.progress(spans)):
            draw = np.random.default_rng(number)
            for one, other in equal_pairs(learner, span, draw):
                for first in range(0, JUDGED - GATE + 1, GATE // 2):
                    pair = part(one, first, GATE), part(other, first, GATE)
                    for challenger, rival in (pair, pair[::-1]):
                        passed.append(_is_better(learner.contest("change", challenger, rival)))
                        gains = learner.row_gains(challenger, rival)
                        row_passed.append(_is_better_by_rows(gains, draw))
        shares.append(percent(sum(passed), len(passed)))
        row_shares.append(percent(sum(row_passed), len(row_passed)))
        yield Figure(stream.name, "equals promoted, t over nights 1 %", shares[-1], at_most=4)
        yield Figure(stream.name, "equals promoted, bootstrap of rows 2.5 %", row_shares[-1])
    yield Figure("mean", "equals promoted, t over nights 1 %", float(np.mean(shares)), at_most=3)
    rows = float(np.mean(row_shares))
    yield Figure("mean", "equals promoted, bootstrap of rows 2.5 %", rows, at_least=12)


def equal_pairs(
    learner: Learner, span: Indices, draw: np.random.Generator
) -> list[tuple[Scores, Scores]]:
    """Five pairs fitted on nights of the span, on its newest nights."""
    early, late, judged = np.split(span, [WINDOW, 2 * WINDOW])
    a, b, c, d = (
        learner.score(nights, judged, RANDOM_TREES, seed)
        for nights, seed in product((early, late), (0, 1))
    )
    resampled = [learner.score(draw.choice(early, WINDOW), judged, RANDOM_TREES) for _ in range(2)]
    return [(a, b), (c, d), (a, c), (b, d), (resampled[0], resampled[1])]


def _is_better(contest: Contest) -> bool:
    verdict = Better().judge(contest)
    return verdict is not None and verdict.outcome == "passed"


def _is_better_by_rows(gains: Floats, draw: np.random.Generator) -> bool:
    """The rule that fails: a one-sided bootstrap that takes rows for independent."""
    samples = draw.integers(0, len(gains), size=(BOOTSTRAPS, len(gains)))
    return bool(np.quantile(gains[samples].mean(axis=1), 0.025) > 0)


def truly_better(bench: Bench) -> Iterator[Figure]:
    """Deep trees against shallow ones on bikes: fitted at 8 cut-offs, each scored on 7 nights."""
    for stream in bench.streams("bike"):
        learner = Learner(stream, bench.cache)
        right, wrong = [], []
        # multiples of 7, so that spans share their fits
        knowns = range(len(stream) - 19 * 21, len(stream) + 1, 21)
        for known in bench.progress(knowns):
            cuts = [known - 7 * back for back in range(8, 0, -1)]
            deep, small = (
                _join([learner.score(range(cut), range(cut, cut + 7), family) for cut in cuts])
                for family in (TREES, SMALL_TREES)
            )
            right.append(_is_better(learner.contest("change", deep, small)))
            wrong.append(_is_better(learner.contest("change", small, deep)))
        share = percent(sum(right), len(right))
        yield Figure(stream.name, "deep trees over shallow, promoted", share, at_least=95)
        share = percent(sum(wrong), len(wrong))
        yield Figure(stream.name, "shallow trees over deep, promoted", share, at_most=0)


def _join(parts: list[Scores]) -> Scores:
    return Scores(
        np.concatenate([scores.places + 7 * place for place, scores in enumerate(parts)]),
        np.concatenate([scores.target for scores in parts]),
        np.concatenate([scores.prediction for scores in parts]),
    )


def disaster(bench: Bench) -> Iterator[Figure]:
    """Labels of the newest 7 training nights spoiled, gate nights clean: who still passes?"""
    gate_nights = Policy().gate_nights
    for stream in bench.streams():
        learner = Learner(stream, bench.cache)
        is_binary = stream.recipe.task == "binary"
        passed: list[bool] = []
        clean_passed: list[bool] = []
        for span in bench.progress(cut_spans(stream, WINDOW + 7 + gate_nights)):
            train, gate = span[7 : WINDOW + 7], span[WINDOW + 7 :]
            rival = learner.score(span[:WINDOW], gate)
            for spoil, outcomes in (
                (None, clean_passed),
                (_flip if is_binary else _tenfold, passed),
            ):
                challenger = learner.score(train, gate, spoil=spoil)
                verdict = NotWorse().judge(learner.contest("refresh", challenger, rival))
                outcomes.append(verdict is not None and verdict.outcome == "passed")
        what = "labels flipped" if is_binary else "labels x10"
        limit = None if is_binary else 5.0
        share = percent(sum(passed), len(passed))
        yield Figure(stream.name, f"{what} in 7 of 91 nights, passed", share, at_most=limit)
        share = percent(sum(clean_passed), len(clean_passed))
        yield Figure(stream.name, "nothing spoiled, passed", share)


def _tenfold(target: Floats, places: Indices) -> Floats:
    return np.where(places >= WINDOW - 7, 10 * target, target)


def _flip(target: Floats, places: Indices) -> Floats:
    return np.where(places >= WINDOW - 7, 1 - target, target)


def stand_in(bench: Bench) -> Iterator[Figure]:
    """Random histories: gate nights are unseen by both judged models, seen by the served one."""
    draw = np.random.default_rng(0)
    broken = judged = 0
    for _ in bench.progress(range(200)):
        stand_in_cut = None
        policy = Policy(refresh_every=3, gate_nights=3 * int(draw.integers(1, 4)))
        delay = int(draw.integers(0, 8))
        usable = np.flatnonzero(draw.random(120) > draw.uniform(0, 0.4))
        for known in range(20, 120):
            nights = [day(int(night)) for night in usable if night < known]
            split = split_nights("refresh", nights, stand_in_cut, policy, delay)
            if split.cut is None or (stand_in_cut is not None and split.cut <= stand_in_cut):
                continue
            judged += 1
            unseen = all(
                night >= cut
                for night in split.gate
                for cut in (split.cut, stand_in_cut or split.cut)
            )
            fits = {night for night in nights if is_known_by(night, split.cut, delay)}
            judges = {night for night in nights if night >= split.cut}
            is_whole = (set(split.train), set(split.gate)) == (fits, judges)
            broken += not (unseen and is_whole and max(split.train) < split.cut)
            if draw.random() < 0.7:
                stand_in_cut = split.cut
    yield Figure("-", f"{judged} splits, promises broken", broken, unit="", at_most=0)
