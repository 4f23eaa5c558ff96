"""Probation on lines of refreshes: how often a sound one is rolled back, and a spoiled one is not.

Every third night a model is fitted on the 91 nights before, judged by the refresh gate as in
service and, once promoted, by the rule of `tasks.core.probation`. Labels are a night late.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.learning import WINDOW, Floats, Learner
from benchmarks.streams import Indices, cut_spans, day, undrifted_spans
from schemas.judgement import Contest, GateNight
from schemas.policy import Policy
from schemas.probation import Probation, ProbationNight
from tasks.core.metrics import row_losses
from tasks.core.probation import NEWEST, judge_probation
from tasks.gates.not_worse import NotWorse

Spoiled = Literal["flipped", "shuffled", "x10"]

POLICY = Policy()
FIRST = WINDOW + POLICY.gate_nights
NIGHTS = FIRST + 54
SPOILED = range(FIRST + 18, FIRST + 18 + 7 + POLICY.gate_nights)
"""Seven nights that train a challenger, and its gate nights."""
HORIZON = 42
"""Nights that a model is asked for: as challenger, as stand-in, in service, as shadow."""


def false_roll_backs(bench: Bench) -> Iterator[Figure]:
    """Lines that nothing is wrong with: blocks of nights in random order, and as they came."""
    rolled_back = promoted = 0
    for stream in bench.streams():
        learner = Learner(stream, bench.cache)
        for what, spans in (
            ("undrifted", undrifted_spans(stream, NIGHTS)),
            ("real order", cut_spans(stream, NIGHTS)),
        ):
            lives = [_Line(learner, span).live() for span in bench.progress(spans)]
            backs, moves = sum(life.ended is not None for life in lives), _promotions(lives)
            rolled_back, promoted = rolled_back + backs, promoted + moves
            text = f"{what}: promotions rolled back"
            yield Figure(stream.name, text, percent(backs, moves), at_most=1)
    yield Figure("all", "promotions rolled back", percent(rolled_back, promoted), at_most=0.5)


def spoiled_labels(bench: Bench) -> Iterator[Figure]:
    """Labels of 13 nights spoiled, clean ones after them: found, and how soon after the last."""
    for stream in bench.streams():
        learner = Learner(stream, bench.cache)
        kinds: tuple[Spoiled, ...] = ("flipped", "shuffled", "x10")
        for kind in kinds[: 2 if stream.recipe.task == "binary" else 3]:
            spans = bench.progress(undrifted_spans(stream, NIGHTS))
            lives = [_Line(learner, span, kind, number).live() for number, span in enumerate(spans)]
            ends = [life.ended for life in lives if life.ended is not None]
            late = [end - SPOILED.stop for end in ends if end > SPOILED.stop]
            text = f"labels {kind} on 13 nights"
            yield Figure(stream.name, f"{text}: rolled back", percent(len(late), len(lives)))
            if late:
                yield Figure(stream.name, f"{text}: delay", float(np.median(late)), "nights")


def _promotions(lives: Collection["_Life"]) -> int:
    return sum(len(life.served) - 1 for life in lives)


@dataclass(frozen=True)
class _Life:
    """Cuts of the champions in order of their promotion, and the night that rolled them back."""

    served: tuple[int, ...]
    ended: int | None


@dataclass(frozen=True)
class _Line:
    """The refits of one span of nights, each named after the place of its cut."""

    learner: Learner
    span: Indices
    spoiled: Spoiled | None = None
    seed: int = 0

    def live(self) -> _Life:
        """Night after night until a roll-back, or to the end."""
        served, losses = [FIRST], np.full(len(self.span), np.nan)
        for night in range(FIRST + 1, len(self.span)):
            losses[night] = self.losses[served[-1]][night]
            told = self._on_probation(served, losses, night)
            if told and judge_probation(told).outcome == "worse":
                return _Life(tuple(served), night)
            if night in self.losses and self._passes(night, served[-1]):
                served.append(night)
        return _Life(tuple(served), None)

    def _on_probation(self, served: list[int], losses: Floats, night: int) -> Probation | None:
        young = [cut for cut in served[1:] if night - cut <= POLICY.probation_nights]
        if not young:
            return None
        shadow = served[served.index(young[0]) - 1]
        matured = [n for n in range(young[0] + 1, night) if self.rows[n]][-NEWEST:]
        if matured and np.isnan(self.losses[shadow][matured]).any():
            return None
        nights = tuple(
            ProbationNight(
                as_of=day(n),
                rows=int(self.rows[n]),
                served=losses[n],
                shadow=self.losses[shadow][n],
            )
            for n in matured
        )
        return Probation(since=day(young[0]), promotions=len(young), shadow="", nights=nights)

    def _passes(self, night: int, champion: int) -> bool:
        """The challenger is an earlier refit, and so is the champion's stand-in."""
        back = POLICY.gate_nights
        challenger, rival = self.losses[night - back], self.losses[champion - back]
        nights = tuple(
            GateNight(
                as_of=day(n), rows=self.rows[n], challenger=challenger[n], rival=rival[n], prior=0
            )
            for n in range(night - back, night)
            if self.rows[n] and not np.isnan(rival[n])
        )
        verdict = NotWorse().judge(Contest(kind="refresh", nights=nights, metrics={}))
        return verdict is not None and verdict.outcome == "passed"

    @cached_property
    def rows(self) -> Indices:
        """Labelled rows of each night."""
        return np.bincount(self._rows[1], minlength=len(self.span))

    @cached_property
    def losses(self) -> dict[int, Floats]:
        """Loss sums by cut and night; NaN where the model is not asked."""
        cuts = range(WINDOW, len(self.span), POLICY.refresh_every)
        return {cut: self._losses_of(cut) for cut in cuts}

    def _losses_of(self, cut: int) -> Floats:
        places, target = self._rows[1], self._target
        end = min(cut + HORIZON, len(self.span))
        known = target[(places >= cut - WINDOW) & (places < cut)]
        asked = (places >= cut) & (places < end)
        train, test = self.span[cut - WINDOW : cut], self.span[cut:end]
        scores = self.learner.score(train, test, spoil=lambda _, __: known)
        losses = row_losses(self.learner.stream.recipe.task, target[asked], scores.prediction)
        sums = np.full(len(self.span), np.nan)
        sums[cut:end] = np.bincount(places[asked] - cut, weights=losses, minlength=end - cut)
        return sums

    @cached_property
    def _rows(self) -> tuple[Indices, Indices]:
        return self.learner.stream.learned_rows(self.span)

    @cached_property
    def _target(self) -> Floats:
        """Labels as they were delivered."""
        rows, places = self._rows
        clean = self.learner.target_of(rows)
        is_bad = np.isin(places, SPOILED) & (self.spoiled is not None)
        target = clean.copy()
        if self.spoiled == "x10":
            target[is_bad] = 10 * clean[is_bad]
        elif self.spoiled == "shuffled":
            target[is_bad] = np.random.default_rng(self.seed).permutation(clean[is_bad])
        elif self.spoiled == "flipped":
            is_binary = self.learner.stream.recipe.task == "binary"
            about = 0.5 if is_binary else clean[~is_bad].mean()
            target[is_bad] = 2 * about - clean[is_bad]
        return target
