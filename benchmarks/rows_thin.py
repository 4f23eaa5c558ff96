"""Nights of unequal size: false alarms, and a shift that is still found on the full nights.

Without a rule for thin nights two of 10 rows a week made thresholds that nothing passes.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle, islice

import numpy as np
import pandas as pd

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.streams import day, undrifted_spans
from benchmarks.watching import JUDGED, REFERENCE, Seen, watch
from schemas.monitoring import ColumnKind
from tasks.core.calibration import calibrate

# Rows of the nights of a week: two thin ones, one of a tenth.
WEEK = (1, 10, 100, 1000, 1000, 1000, 1000)
# Nights shift by this share of a night's sd, each one kept in part from the night before.
NIGHT_SD = 0.1
NIGHT_MEMORY = 0.7
COLUMNS = 8
STREAMS = 24

Frames = list[pd.DataFrame]


def thin_nights(bench: Bench) -> Iterator[Figure]:
    """Beijing's air with most rows of some nights lost: 1, 10 and 100 of 288 are left."""
    for stream in bench.streams("beijing"):
        seen: list[Seen] = []
        for number, span in enumerate(bench.progress(undrifted_spans(stream, REFERENCE + JUDGED))):
            sizes = islice(cycle(WEEK), len(span))
            frames = [
                stream.night(night).sample(min(size, len(stream.night(night))), random_state=number)
                for night, size in zip(span, sizes, strict=True)
            ]
            seen += _judge(frames, dict(stream.kinds))
        yield Figure(
            stream.name, "nights of 1 to 288 rows: nights that alarm", _alarms(seen), at_most=1.5
        )


def synthetic(bench: Bench) -> Iterator[Figure]:
    """Streams of 8 numbers with weak weather: nights of 1 to 1,000 rows, then one column shifts."""
    for shift in (0.0, 0.5):
        seen: list[Seen] = []
        found = []
        for seed in bench.progress(range(STREAMS)):
            frames = _weather(np.random.default_rng(seed), REFERENCE * 7 // 5 + JUDGED)
            for frame in frames[-JUDGED:]:
                frame["0"] += shift
            judged = _judge(frames, dict.fromkeys(frames[0].columns, "number"))
            seen += judged
            found.append(any(night.drift_alarm for night in judged[:14]))
        if shift:
            share = percent(sum(found), len(found))
            yield Figure("-", f"shift of {shift} sd: found within 14", share, at_least=95)
        else:
            alarms = _alarms(seen)
            yield Figure("-", "nights of 1 to 1000 rows: nights that alarm", alarms, at_most=1.5)


def _weather(draw: np.random.Generator, nights: int) -> Frames:
    """Nights of WEEK's sizes whose means wander."""
    means = np.zeros(COLUMNS)
    frames = []
    for size in islice(cycle(WEEK), nights):
        fresh = draw.normal(scale=NIGHT_SD, size=COLUMNS)
        means = NIGHT_MEMORY * means + (1 - NIGHT_MEMORY**2) ** 0.5 * fresh
        values = draw.normal(loc=means, size=(size, COLUMNS))
        frames.append(pd.DataFrame(values, columns=[str(column) for column in range(COLUMNS)]))
    return frames


def _judge(frames: Frames, kinds: dict[str, ColumnKind]) -> list[Seen]:
    """Watch the last 56 nights by a reference of the ones before."""
    before = [(day(place), frame) for place, frame in enumerate(frames[:-JUDGED])]
    return watch(calibrate(before, kinds), frames[-JUDGED:])


def _alarms(seen: Sequence[Seen]) -> float:
    judged = [night for night in seen if night.is_judged or night.has_fault]
    return percent(sum(night.alarm for night in judged), len(judged))
