"""What the default policy keeps of nightly retraining's gain, with one training window: all past.

The same simulation as `driftloop replay --refit`, over the newest two years of each stream, where
a person accepts every faulty night at once: the data is as it is, and nobody will mend it.
Figures are stated beside their aims, which a policy with several training windows is to meet.
Its cache of fits grows to about 1 GB.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.learning import TREES
from benchmarks.streams import Indices, Stream, day
from schemas.monitoring import DriftReference
from schemas.night import DataState
from schemas.policy import Policy
from schemas.project import FeatureStep
from schemas.record import digest_of
from tasks.engine.replay.comparison import METRICS, Comparison, Result, compare
from tasks.engine.replay.fits import Fits
from tasks.engine.replay.past import Past, Setting
from tasks.engine.replay.simulate import Lived, simulate
from tasks.engine.replay.variants import make_variant
from tasks.features.categories import Categories
from tasks.features.numbers import Numbers
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.better import Better
from tasks.gates.not_worse import NotWorse

WARM_UP = 182
NIGHTS = 730
PHASES = 4
DELAYS = (1, 7)
# Percent of nightly retraining's gain that is to be kept, labels 1 and 7 nights late.
AIMS = {"bike": (98, 98), "elec2": (96, 98), "metro": (95, 92), "beijing": (96, 92)}


def kept_gain(bench: Bench) -> Iterator[Figure]:
    """Kept gain and retrains a night over 4 phases of the schedule, labels 1 and 7 nights late."""
    for stream in bench.streams():
        for place, delay in enumerate(DELAYS):
            phases = _live(bench, stream, delay)
            yield from _figures(stream.name, delay, AIMS[stream.name][place], phases)


def _figures(name: str, delay: int, aim: float, phases: Sequence[Comparison]) -> Iterator[Figure]:
    never, nightly, *_ = phases[0].results
    owns = [phase.results[-1] for phase in phases]
    what = f"L = {delay}: "
    kept = [100 * (own.kept or 0.0) for own in owns]
    yield Figure(name, f"{what}gain kept (aim {aim})", float(np.mean(kept)))
    yield Figure(name, f"{what}  its sd over {len(owns)} phases", float(np.std(kept, ddof=1)))
    yield Figure(name, f"{what}retrains, of nights (aim 34)", _mean_percent(owns))
    failed = [100 * own.refused / max(own.retrains, 1) for own in owns]
    yield Figure(name, f"{what}refused or failed, of retrains", float(np.mean(failed)))
    better = [_is_better_month(phases[0].metric, own, never) for own in owns]
    yield Figure(name, f"{what}worst month better than never's", 100 * float(np.mean(better)))
    cost = np.mean([own.row_rounds for own in owns]) / nightly.row_rounds
    yield Figure(name, f"{what}rows x rounds, of nightly's", 100 * float(cost))
    for one in (never, nightly):
        metric = f"{what}{phases[0].metric} x 100, {one.policy}"
        yield Figure(name, metric, 100 * (one.metric or 0.0), unit="")


def _mean_percent(owns: Sequence[Result]) -> float:
    return 100 * float(np.mean([own.retrains_a_night for own in owns]))


def _is_better_month(metric: str, own: Result, never: Result) -> bool:
    if own.worst_month is None or never.worst_month is None:
        return False
    difference = own.worst_month.value - never.worst_month.value
    return difference > 0 if metric == METRICS["binary"] else difference < 0


def _live(bench: Bench, stream: Stream, delay: int) -> list[Comparison]:
    """Never, nightly and the default policy, which begins a night later in each phase."""
    fits = Fits(StreamPast(stream, delay), setting_of(stream, delay), bench.cache / "replay")
    first = max(WARM_UP, len(stream) - NIGHTS)
    references: dict[tuple[str, float], DriftReference] = {}

    def live(name: str, phase: int) -> Lived:
        nights = [day(night) for night in range(first + phase, len(stream))]
        variant = make_variant(name, Policy())
        return simulate(fits, variant, bench.progress(nights), references)

    never, nightly = live("never", 0), live("nightly", 0)
    task, since = stream.recipe.task, day(first + PHASES)
    lived = [live("own", phase) for phase in range(PHASES)]
    return [compare(task, (never, nightly, own), since) for own in lived]


def setting_of(stream: Stream, delay: int) -> Setting:
    """What a simulation needs of a stream's project."""
    recipe = stream.recipe
    steps: list[FeatureStep] = [Numbers(columns=recipe.numbers + recipe.clock)]
    if recipe.categories:
        steps.append(Categories(columns=recipe.categories))
    dumps = [step.model_dump(mode="json") for step in steps]
    return Setting(
        name=stream.name,
        recipe=digest_of([TREES.model_dump(mode="json"), dumps, recipe.target, recipe.task]),
        task=recipe.task,
        target=recipe.target,
        features=tuple(steps),
        family=TREES,
        gates=(NotWorse(), Better(), BeatsPrior()),
        kinds=stream.kinds,
        label_delay=delay,
        seed=0,
    )


class StreamPast(Past):
    """The nights of a stream in their real order, each one's labels known after `delay` nights."""

    def __init__(self, stream: Stream, delay: int) -> None:
        self._stream = stream
        self._delay = timedelta(days=delay)
        self._numbers = {day(number): number for number in range(len(stream))}

    @cached_property
    def known_from(self) -> Mapping[date, date]:
        return {n: n + self._delay for n in self._numbers if len(self._places([n]))}

    @property
    def accepted(self) -> frozenset[date]:
        return frozenset(self._numbers)

    def state(self, night: date) -> DataState:
        return "accepted" if night in self._numbers else "no_data"

    def rows(self, night: date) -> pd.DataFrame:
        return self._stream.night(self._numbers[night])

    def labelled(self, nights: Sequence[date]) -> pd.DataFrame:
        return self._stream.frame.iloc[self._places(nights)]

    def count(self, night: date) -> int:
        return self._counts[night]

    def is_one_class(self, nights: Sequence[date]) -> bool:
        return self.labelled(nights)[self._stream.recipe.target].nunique() <= 1

    def training_set(self, nights: Sequence[date]) -> str:
        return digest_of([self._ids[night] for night in nights])

    def _places(self, nights: Sequence[date]) -> Indices:
        return self._stream.learned_rows([self._numbers[night] for night in nights])[0]

    @cached_property
    def _counts(self) -> dict[date, int]:
        return {night: len(self._places([night])) for night in self._numbers}

    @cached_property
    def _ids(self) -> dict[date, str]:
        """Digests of each night's labelled rows."""
        hashes = pd.util.hash_pandas_object(self._stream.frame, index=False).to_numpy()
        return {
            night: hashlib.sha256(hashes[self._places([night])].tobytes()).hexdigest()
            for night in self._numbers
        }
