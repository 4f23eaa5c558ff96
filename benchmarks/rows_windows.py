"""What the mean over training windows keeps of the best nightly retraining with any one of them.

The best is chosen in hindsight: nobody knows it beforehand, and it is another on every stream.
Nightly retraining has no gates here. Streams, nights and simulation are those of
`benchmarks.rows_replay`, labels one night late. Its cache of fits grows to about 4 GB.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.rows_replay import NIGHTS, PHASES, WARM_UP, StreamPast, setting_of
from benchmarks.streams import Stream, day
from schemas.monitoring import DriftReference
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
        study = _Study(bench, stream)
        metric = METRICS[stream.recipe.task]
        bare = {window: study.retrain_nightly(window) for window in (None, *WINDOWS)}
        gain = _Gain(study.of(study.live("never", 0).scored), study.best(list(bare.values())))
        for window, scored in bare.items():
            what = f"{metric} x 100, nightly, {f'{window} nights' if window else 'all past'}"
            yield Figure(stream.name, what, 100 * study.of(scored), unit="")
        yield Figure(stream.name, f"{metric} x 100, never", 100 * gain.never, unit="")
        lived = [study.live("windows", phase) for phase in range(PHASES)]
        yield from _figures(study, lived, gain)


@dataclass(frozen=True)
class _Gain:
    """The metric of a model trained once, and of the best nightly retraining in hindsight."""

    never: float
    best: float

    def kept(self, metric: float) -> float:
        """Percent of what lies between them."""
        return 100 * (metric - self.never) / (self.best - self.never)


def _figures(study: "_Study", lived: Sequence[Lived], gain: _Gain) -> Iterator[Figure]:
    aim, cost_aim = AIMS[study.stream.name]
    kept = [gain.kept(study.of(own.scored)) for own in lived]
    retrains = [len(own.retrains) / len(own.states) for own in lived]
    costs = [own.row_rounds / study.bare_cost(own) for own in lived]
    figures = {
        f"gain kept of the best window's (aim {aim})": float(np.mean(kept)),
        "  its sd over phases": float(np.std(kept, ddof=1)),
        "retrains, of nights (aim 34)": 100 * float(np.mean(retrains)),
        f"rows x rounds, of a bare nightly fit's (aim {cost_aim})": 100 * float(np.mean(costs)),
    }
    for what, value in figures.items():
        yield Figure(study.stream.name, what, value)


class _Study:
    """One stream: what is fitted on it, from which night on it is scored."""

    def __init__(self, bench: Bench, stream: Stream) -> None:
        self.stream = stream
        self._bench = bench
        past = StreamPast(stream, DELAY)
        self._fits = Fits(past, setting_of(stream, DELAY), bench.cache / "replay")
        self._references: dict[tuple[str, float], DriftReference] = {}
        self._first = max(WARM_UP, len(stream) - NIGHTS)

    def live(self, name: str, phase: int) -> Lived:
        """A policy that begins so many nights later."""
        nights = [day(number) for number in range(self._first + phase, len(self.stream))]
        variant = make_variant(name, Policy())
        return simulate(self._fits, variant, self._bench.progress(nights), self._references)

    def retrain_nightly(self, window: Length) -> list[ScoredNight]:
        """Each night scored by a fit on the newest so many nights whose labels were known."""
        fits, scored = self._fits, []
        for night in self._bench.progress(self._nights(self._first)):
            known = self._known_before(night)
            fitted = fits.fit(known[-length_of(window, len(known)) :])
            loss = night_loss(fits, (fitted,), night).loss
            target = fits.target((night,))
            scored.append(ScoredNight(night, loss, target, fits.scores(fitted, (night,))))
        return scored

    def bare_cost(self, lived: Lived) -> int:
        """Rows x rounds of a fit on all past after each of these nights but the last."""
        since = len(self.stream) - len(lived.states)
        counts = self._counts
        known = [self._known_before(night) for night in self._nights(since + 1)]
        rounds = self._fits.setting.family.rounds
        return rounds * sum(sum(counts[night] for night in nights) for nights in known)

    def of(self, scored: Sequence[ScoredNight]) -> float:
        """The stream's metric over the nights that every phase scores."""
        since = day(self._first + PHASES)
        return pooled(self.stream.recipe.task, [n for n in scored if n.as_of >= since]) or 0.0

    def best(self, bare: Sequence[Sequence[ScoredNight]]) -> float:
        """The best of some retrainings by the metric."""
        best = max if METRICS[self.stream.recipe.task] == "auc" else min
        return best(map(self.of, bare))

    @property
    def _counts(self) -> Mapping[date, int]:
        past = self._fits.past
        return {night: past.count(night) for night in past.known_from}

    def _nights(self, first: int) -> list[date]:
        labelled = self._fits.past.known_from
        return [n for n in map(day, range(first, len(self.stream))) if n in labelled]

    def _known_before(self, night: date) -> list[date]:
        return [n for n, known in self._fits.past.known_from.items() if known < night]
