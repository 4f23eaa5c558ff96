"""What the mean over training windows keeps of the best nightly retraining with any one of them.

The best is chosen in hindsight: nobody knows it beforehand, and it is another on every stream.
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
    gain = _Gain(study.of(study.live("never", 0).scored), study.best(list(bare.values())))
    for window, scored in bare.items():
        what = f"{metric} x 100, nightly, {f'{window} nights' if window else 'all past'}"
        yield Figure(name, what, 100 * study.of(scored), unit="")
    yield Figure(name, f"{metric} x 100, never", 100 * gain.never, unit="")
    for variant in ("one-window", "windows"):
        lived = [study.live(variant, phase) for phase in range(PHASES)]
        yield from _figures(study, variant, lived, gain, aims)


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

    def of(self, scored: Sequence[ScoredNight]) -> float:
        """The metric over the nights that every phase scores."""
        since = self._first(PHASES)
        return pooled(self.fits.setting.task, [n for n in scored if n.as_of >= since]) or 0.0

    def best(self, bare: Sequence[Sequence[ScoredNight]]) -> float:
        """The best of some retrainings by the metric."""
        best = max if self.metric == "auc" else min
        return best(map(self.of, bare))

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
