"""Leak alarms where nothing leaks, and where a leak was put in: how many raise one.

Real streams have honest features of all strengths, a synthetic one has as many spans as one likes.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.learning import Learner
from benchmarks.streams import Indices, Stream, cut_spans, day
from schemas.batch import Batch, Counts
from schemas.monitoring import ColumnKind
from schemas.project import Matrix, Task
from tasks.core.known_later import filled_since
from tasks.core.leaks import (
    Part,
    copies_of_target,
    missingness,
    one_feature_scores,
    single_features,
)
from tasks.core.leaky_rows import duplicates, id_like
from tasks.engine.column_profiles import profile

Floats = npt.NDArray[np.float64]
Sides = tuple[Part, Part]

# Training and gate nights of a first champion: the fewest, and a quarter of a year.
SIZES = ((28, 6), (91, 18))
SEEDS = 200
ROWS = 40
# What is left of a night's level on the next night.
MEMORY = 0.9
# Noise hides the many small values of air quality, and in its polluted nights a gap tells little.
HARD = {(name, "beijing") for name in ("target + .1 sd", "target + .25 sd", "telling gaps")}
TASKS: tuple[Task, ...] = ("binary", "regression")


def false_alarms(bench: Bench) -> Iterator[Figure]:
    """Attempts with an alarm although nothing was put in."""
    for train, gate in SIZES:
        what = f"{train} + {gate} nights: attempts with an alarm"
        for stream in bench.streams():
            spans = cut_spans(stream, train + gate)
            sides = (_real(bench, stream, span, train) for span in bench.progress(spans))
            rules = [_rules(stream.recipe.task, *pair) for pair in sides]
            yield _share(stream.name, what, rules, at_most=5)
        for task in TASKS:
            seeds = bench.progress(range(SEEDS))
            rules = [_rules(task, *_synthetic(task, seed, train, gate)) for seed in seeds]
            yield _share(task, what, rules, at_most=5)


def known_later(bench: Bench) -> Iterator[Figure]:
    """Each of the 6 nights after 28, taken for a night without labels yet."""
    for stream in bench.streams():
        columns = list(stream.kinds)
        found = []
        for span in bench.progress(cut_spans(stream, sum(SIZES[0]))):
            batches = [_batch(stream, night) for night in span]
            past, newest = batches[: SIZES[0][0]], batches[SIZES[0][0] :]
            found += [bool([*filled_since(columns, past, [night])]) for night in newest]
        share = percent(sum(found), len(found))
        yield Figure(stream.name, "nights with a column known later", share, at_most=5)


def planted(bench: Bench) -> Iterator[Figure]:
    """Leaks that are named by their rule, put into every real span."""
    for name, (rule, plant) in PLANTS.items():
        for stream in bench.streams():
            found = []
            for number, span in enumerate(bench.progress(cut_spans(stream, sum(SIZES[0])))):
                draw = np.random.default_rng(number)
                sides = plant(draw, *_real(bench, stream, span, SIZES[0][0]))
                found.append(rule in _rules(stream.recipe.task, *sides))
            share = percent(sum(found), len(found))
            limit = None if (name, stream.name) in HARD else 90.0
            yield Figure(stream.name, f"{name}: named as {rule}", share, at_least=limit)


def _share(name: str, what: str, rules: Sequence[set[str]], at_most: float) -> Figure:
    by_rule = Counter(rule for some in rules for rule in some)
    told = ", ".join(f"{rule} {count}" for rule, count in by_rule.items())
    alarms = percent(sum(map(bool, rules)), len(rules))
    return Figure(name[:8], f"{what} {told}".strip(), alarms, at_most=at_most)


def _rules(task: Task, training: Part, gate: Part) -> set[str]:
    """Every rule that alarms, as an attempt computes them."""
    values = training.features.values
    gaps = dict(zip(training.features.names, np.isnan(values).T, strict=True))
    order = np.arange(len(values), dtype=np.float64)
    found = [
        *copies_of_target(training),
        *id_like(training, order, {}),
        *missingness(training, gaps),
        *single_features(task, training, one_feature_scores(task, training, gate), 0.0),
        *duplicates(training, gate),
    ]
    return {alarm.rule for alarm in found}


def _batch(stream: Stream, night: int) -> Batch:
    rows = stream.night(night)
    return Batch(
        project=stream.name,
        as_of=day(int(night)),
        revision=1,
        id=str(night),
        status="accepted",
        sentence="",
        files=(),
        contract="",
        counts=Counts(read=len(rows), kept=len(rows), quarantined=0, deduplicated=0),
        profile=profile(rows[list(stream.kinds)], frozenset()),
    )


def _real(bench: Bench, stream: Stream, span: Indices, train: int) -> Sides:
    learner = Learner(stream, bench.cache)
    (rows, nights), (later, after) = (
        stream.learned_rows(some) for some in (span[:train], span[train:])
    )
    learned, asked = learner.features(rows, later)
    return (
        Part(learned, learner.target_of(rows), nights),
        Part(asked, learner.target_of(later), after),
    )


def _synthetic(task: Task, seed: int, train: int, gate: int) -> Sides:
    """Honest and nasty: gaps that depend on the target's cause, a random walk, coarse numbers."""
    draw = np.random.default_rng(seed)
    rows = (train + gate) * ROWS
    levels = np.zeros((train + gate, 6))
    for night in range(1, len(levels)):
        levels[night] = MEMORY * levels[night - 1] + draw.normal(size=6)
    values = np.repeat(levels, ROWS, axis=0) + draw.normal(size=(rows, 6))
    pull = values[:, 0] + 0.6 * values[:, 1] + draw.normal(size=rows)
    values[draw.random(rows) < 1 / (1 + np.exp(3 - values[:, 0])), 1] = np.nan
    values[:, 2] = np.cumsum(draw.normal(loc=0.02, size=rows))
    values[:, 3:5] = np.round(values[:, 3:5])
    target = pull if task == "regression" else (pull > np.median(pull)).astype(np.float64)
    nights, cut = np.repeat(np.arange(train + gate), ROWS), train * ROWS
    return (
        _part(values[:cut], target[:cut], nights[:cut]),
        _part(values[cut:], target[cut:], nights[cut:] - train),
    )


def _part(values: Floats, target: Floats, nights: Indices) -> Part:
    names = tuple(f"f{position}" for position in range(values.shape[1]))
    kinds: list[ColumnKind] = ["number" for _ in names]
    return Part(Matrix(names, tuple(kinds), values.astype(np.float32)), target, nights)


def _with(part: Part, values: npt.NDArray[np.number[Any]]) -> Part:
    old = part.features
    both = np.column_stack([old.values, values]).astype(np.float32)
    return Part(
        Matrix((*old.names, "planted"), (*old.kinds, "number"), both), part.target, part.nights
    )


def _noise(share: float, draw: np.random.Generator, *sides: Part) -> Sides:
    """The target with this share of its sd as noise."""
    sd = share * sides[0].target.std()
    one, other = (_with(part, draw.normal(part.target, sd)) for part in sides)
    return one, other


def _copy(_: np.random.Generator, *sides: Part) -> Sides:
    one, other = (_with(part, np.cbrt(part.target)) for part in sides)
    return one, other


def _ids(_: np.random.Generator, training: Part, gate: Part) -> Sides:
    rows = len(training.target)
    return _with(training, np.arange(rows) * 1.0), _with(gate, rows + np.arange(len(gate.target)))


def _gaps(draw: np.random.Generator, *sides: Part) -> Sides:
    """Missing on a fifth of the rows in the target's upper tenth (binary: in the class 1)."""
    high = float(np.quantile(sides[0].target, 0.9))

    def holed(part: Part) -> Part:
        is_gap = (part.target >= high) & (draw.random(len(part.target)) < 0.2)
        return _with(part, np.where(is_gap, np.nan, 0))

    return holed(sides[0]), holed(sides[1])


def _rows(draw: np.random.Generator, training: Part, gate: Part) -> Sides:
    """A twentieth of the gate rows are training rows."""
    count = max(12, len(gate.target) // 20)
    to, source = (draw.permutation(len(part.target))[:count] for part in (gate, training))
    values, target = gate.features.values.copy(), gate.target.copy()
    values[to], target[to] = training.features.values[source], training.target[source]
    return training, Part(
        Matrix(gate.features.names, gate.features.kinds, values), target, gate.nights
    )


PLANTS: dict[str, tuple[str, Callable[..., Sides]]] = {
    "target + .1 sd": ("single_feature", partial(_noise, 0.1)),
    "target + .25 sd": ("single_feature", partial(_noise, 0.25)),
    "function of target": ("copy_of_target", _copy),
    "row numbers": ("id_like", _ids),
    "telling gaps": ("missingness", _gaps),
    "rows on both sides": ("duplicates", _rows),
}
