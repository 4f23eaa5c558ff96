"""The quality alarm on nights without drift, and its delay once labels are flipped.

Models are fitted on 91 nights; the null is made of blocks, or of past gate windows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.learning import WINDOW, Learner, Scores
from benchmarks.streams import Indices, Stream, undrifted_spans
from benchmarks.watching import JUDGED
from schemas.monitoring import NightLoss
from schemas.policy import Policy
from tasks.core.quality import quality_alarm, quality_points

NULL_NIGHTS = 64
BLOCK = 8
REFRESH = 3
# Alarms come in clusters: one order of a span says little of the rate.
ORDERS = 4
# Nights until the alarm, at most, in the median of the spans.
DELAYS = {"bike": 4, "metro": 4, "elec2": 12, "beijing": 12}


def by_blocks(bench: Bench) -> Iterator[Figure]:
    """Null from 8 blocks of 8 nights, each scored by a model of the nights before it."""
    for stream in bench.streams():
        found = _Found.on(bench, stream, every=BLOCK, orders=ORDERS)
        yield Figure(stream.name, "blocks: nights that alarm", found.false_alarms, at_most=1.2)
        yield Figure(
            stream.name,
            "blocks: flipped labels, delay",
            float(np.median(found.delays)),
            "nights",
            at_most=DELAYS[stream.name],
        )
        yield Figure(stream.name, "blocks: flipped labels, within 21", found.soon)


def by_gate_windows(bench: Bench) -> Iterator[Figure]:
    """Null that costs nothing: nights as the newest gate saw them, a refresh every 3 nights."""
    for stream in bench.streams():
        found = _Found.on(bench, stream, every=REFRESH, orders=1)
        yield Figure(
            stream.name, "gate windows: nights that alarm", found.false_alarms, at_most=1.5
        )
        delay = float(np.median(found.delays))
        yield Figure(stream.name, "gate windows: flipped labels, delay", delay, "nights")
        yield Figure(stream.name, "gate windows: flipped labels, within 21", found.soon)


@dataclass(frozen=True)
class _Found:
    """Alarms on undrifted nights, and nights until the alarm once labels are flipped."""

    alarms: list[bool]
    delays: list[float]

    @classmethod
    def on(cls, bench: Bench, stream: Stream, every: int, orders: int) -> Self:
        """Null fitted anew every so many nights; the judged nights have one model."""
        learner = Learner(stream, bench.cache)
        found = cls([], [])
        start = WINDOW + NULL_NIGHTS
        spans = undrifted_spans(stream, start + JUDGED, orders)
        for number, span in enumerate(bench.progress(spans)):
            null = _null(learner, span, every)
            scores = learner.score(span[start - WINDOW : start], span[start:])
            found.alarms.extend(_alarms(null, learner.night_losses(scores, first=start)))
            flipped = _flip(scores, stream.recipe.task == "binary", np.random.default_rng(number))
            hits = _alarms(null, learner.night_losses(flipped, first=start))
            found.delays.append(hits.index(True) + 1 if True in hits else np.inf)
        return found

    @property
    def false_alarms(self) -> float:
        """Percent of undrifted nights."""
        return percent(sum(self.alarms), len(self.alarms))

    @property
    def soon(self) -> float:
        """Percent of spans in which flipped labels are found within 21 nights."""
        return percent(sum(nights <= 21 for nights in self.delays), len(self.delays))


def _null(learner: Learner, span: Indices, every: int) -> list[NightLoss]:
    losses: list[NightLoss] = []
    for cut in range(WINDOW, WINDOW + NULL_NIGHTS, every):
        nights = span[cut : min(cut + every, WINDOW + NULL_NIGHTS)]
        losses += learner.night_losses(learner.score(span[cut - WINDOW : cut], nights), first=cut)
    return losses


def _alarms(null: Sequence[NightLoss], judged: Sequence[NightLoss]) -> list[bool]:
    """Whether the alarm stands after each matured night."""
    seen = [quality_points(null, judged[: night + 1], Policy()) for night in range(len(judged))]
    return [points is not None and quality_alarm(points, Policy()) for points in seen]


def _flip(scores: Scores, is_binary: bool, draw: np.random.Generator) -> Scores:
    """Half the labels mirrored: 0 and 1 exchanged, values about their mean."""
    about = 0.5 if is_binary else float(scores.target.mean())
    mirrored = 2 * about - scores.target
    is_flipped = draw.random(len(mirrored)) < 0.5
    target = np.where(is_flipped, mirrored, scores.target)
    return Scores(scores.places, target, scores.prediction)
