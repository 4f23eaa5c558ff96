"""What one training window, and the mean over several, keep of the best nightly retraining.

The best single window is known in hindsight, and is another on every stream. Which policy a team
would take is what it can see beforehand: the better one of the first half year lived through.
Nightly retraining has no gates here. Streams and simulation are those of `benchmarks.rows_replay`,
labels one night late, but all nights after the warm-up are lived through. Its cache of fits grows
to about 6 GB.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.rows_replay import PHASES, WARM_UP, StreamPast, setting_of
from schemas.monitoring import DriftReference
from schemas.period import shift
from schemas.policy import Policy
from tasks.engine.pruning import Length, length_of
from tasks.engine.replay.attempts import night_loss
from tasks.engine.replay.comparison import METRICS, pooled
from tasks.engine.replay.fits import Fits
from tasks.engine.replay.simulate import Lived, ScoredNight, simulate
from tasks.engine.replay.variants import WINDOWS, make_variant

DELAY = 1
# Percent: the best window's gain that is to be kept, of a bare nightly fit's cost that it may have.
CHOOSING = 182
"""Nights by which a policy is chosen; it is judged on those that follow."""
POLICIES = ("one-window", "windows")
AIMS = {"bike": (98, 50), "elec2": (96, 60), "metro": (95, 50), "beijing": (96, 50)}


def kept_gain(bench: Bench) -> Iterator[Figure]:
    """Kept gain and cost of the mean over 4 phases of the schedule; what single windows gain."""
    for stream in bench.streams():
        past, setting = StreamPast(stream, DELAY), setting_of(stream, DELAY)
        fits = Fits(past, setting, bench.cache / "replay")
        yield from study_figures(Study(fits, WARM_UP, bench.progress), AIMS[stream.name])


def study_figures(study: "Study", aims: tuple[int, int] | None = None) -> Iterator[Figure]:
    """The metric of every single window, then what the mean keeps and costs."""
    name, metric = study.name, study.metric
    bare = {window: study.retrain_nightly(window) for window in (None, *WINDOWS)}
    never = study.live("never", 0).scored
    for window, scored in bare.items():
        what = f"{metric} x 100, nightly, {f'{window} nights' if window else 'all past'}"
        yield Figure(name, what, 100 * study.of(scored), unit="")
    yield Figure(name, f"{metric} x 100, never", 100 * study.of(never), unit="")
    gain = _Gain(study.of(never), study.best([study.of(one) for one in bare.values()]))
    lives = {one: [study.live(one, phase) for phase in range(PHASES)] for one in POLICIES}
    for policy, lived in lives.items():
        yield from _figures(study, policy, lived, gain, aims)
    first, rest = slice(None, CHOOSING), slice(CHOOSING, None)
    chosen = POLICIES[int(np.argmax([_mean_kept(study, lives[p], gain, first) for p in POLICIES]))]
    later = _Gain(study.of(never, rest), study.best([study.of(one, rest) for one in bare.values()]))
    kept = _mean_kept(study, lives[chosen], later, rest)
    yield Figure(name, f"chosen on the first {CHOOSING} nights, {chosen}, keeps of the rest", kept)


def _mean_kept(
    study: "Study", lived: Sequence[Lived], gain: "_Gain", part: slice = slice(None)
) -> float:
    return float(np.mean([gain.kept(study.of(own.scored, part)) for own in lived]))


@dataclass(frozen=True)
class _Gain:
    """The metric of a model trained once, and of the best nightly retraining in hindsight."""

    never: float
    best: float

    def kept(self, metric: float) -> float:
        """Percent of what lies between them."""
        return 100 * (metric - self.never) / (self.best - self.never)


def _figures(
    study: "Study",
    variant: str,
    lived: Sequence[Lived],
    gain: _Gain,
    aims: tuple[int, int] | None,
) -> Iterator[Figure]:
    aim, cost_aim = (f" (aim {one})" for one in aims) if aims else ("", "")
    kept = [gain.kept(study.of(own.scored)) for own in lived]
    retrains = [len(own.retrains) / len(own.states) for own in lived]
    failed = [np.mean([one.outcome != "passed" for one in own.retrains]) for own in lived]
    costs = [own.row_rounds / study.bare_cost(own) for own in lived]
    figures = {
        f"gain kept of the best window's{aim}": float(np.mean(kept)),
        "  its least over phases": min(kept),
        "  its most over phases": max(kept),
        "retrains, of nights (aim 34)": 100 * float(np.mean(retrains)),
        "refused or failed, of retrains": 100 * float(np.mean(failed)),
        f"rows x rounds, of a bare nightly fit's{cost_aim}": 100 * float(np.mean(costs)),
    }
    for what, value in figures.items():
        yield Figure(study.name, f"{variant}: {what}", value)


@dataclass
class Study:
    """One past: what is fitted on it, and the labelled nights from which on it is scored."""

    fits: Fits
    warm_up: int
    progress: Callable[[Sequence[Any]], Iterator[Any]]
    _references: dict[tuple[str, float], DriftReference] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As its figures call it."""
        return self.fits.setting.name

    @property
    def metric(self) -> str:
        """The name of the task's metric."""
        return METRICS[self.fits.setting.task]

    def live(self, name: str, phase: int) -> Lived:
        """A policy that begins so many nights later."""
        variant = make_variant(name, Policy())
        nights = self._all(self._first(phase))
        return simulate(self.fits, variant, self.progress(nights), self._references)

    def retrain_nightly(self, window: Length) -> list[ScoredNight]:
        """Each night scored by a fit on the newest so many nights whose labels were known."""
        fits, scored = self.fits, []
        for night in self.progress(self._labelled(self._first(0))):
            known = self._known_before(night)
            fitted = fits.fit(known[-length_of(window, len(known)) :])
            loss = night_loss(fits, (fitted,), night).loss
            target = fits.target((night,))
            scored.append(ScoredNight(night, loss, target, fits.scores(fitted, (night,))))
        return scored

    def bare_cost(self, lived: Lived) -> int:
        """Rows x rounds of a fit on all past after each of these nights but the last."""
        since = shift(self._last, 2 - len(lived.states))
        counts = {night: self.fits.past.count(night) for night in self.fits.past.known_from}
        known = [self._known_before(night) for night in self._labelled(since)]
        rounds = self.fits.setting.family.rounds
        return rounds * sum(sum(counts[night] for night in nights) for nights in known)

    def of(self, scored: Sequence[ScoredNight], part: slice = slice(None)) -> float:
        """The metric over the nights that every phase scores, or part of them."""
        since = self._first(PHASES)
        nights = [one for one in scored if one.as_of >= since][part]
        return pooled(self.fits.setting.task, nights) or 0.0

    def best(self, metrics: Sequence[float]) -> float:
        """The best value of the metric."""
        return max(metrics) if self.metric == "auc" else min(metrics)

    @property
    def _last(self) -> date:
        return max(self.fits.past.known_from)

    def _first(self, phase: int) -> date:
        return shift(min(self.fits.past.known_from), self.warm_up + phase)

    def _all(self, first: date) -> list[date]:
        return [shift(first, number) for number in range((self._last - first).days + 1)]

    def _labelled(self, first: date) -> list[date]:
        return [night for night in self._all(first) if night in self.fits.past.known_from]

    def _known_before(self, night: date) -> list[date]:
        return [n for n, known in self.fits.past.known_from.items() if known < night]
