"""How often the gates are wrong: equals, simpler models, what the self-test lets pass.

    python -m benchmarks.gates [--only ROW] [--data FOLDER] [--cache FOLDER]

Each metric is judged by `MetricBetter` on the streams of `benchmarks.streams`, values also as
"above the median of its hour or not", and on synthetic nights; docs/decisions.md explains the
figures. On a busy machine OMP_NUM_THREADS=1 makes it several times faster.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.freezes import freezes
from benchmarks.judging import (
    METRICS,
    Pair,
    equal_windows,
    equal_worlds,
    is_better,
    is_better_by_rows,
    promotes_slices,
)
from benchmarks.running import Row, run_rows
from benchmarks.simpler import simpler
from benchmarks.streams import Stream, halved
from schemas.project import Task
from tasks.core.left_out import METRICS as OF_TASK
from tasks.core.scores import moved

ROW_BOOTSTRAP = "bootstrap of rows 2.5 %"
TASKS: tuple[Task, ...] = ("binary", "regression")


def equals(bench: Bench) -> Iterator[Figure]:
    """Challengers that are no better, promoted by the change gate and by a bootstrap of rows."""
    shares: dict[str, list[tuple[float, float]]] = {metric: [] for metric in METRICS}
    for stream in _streams(bench):
        windows = [one for span in bench.progress(equal_windows(bench, stream)) for one in span()]
        for metric in _metrics_of(stream):
            both = _promoted(metric, windows)
            shares[metric].append(both)
            yield from _equal_figures(stream.name, metric, *both)
    for metric, found in shares.items():
        ours, rows = np.mean(found, axis=0)
        yield Figure("mean", f"equals promoted, {metric}, t 0.5 %", float(ours), at_most=3)
        yield Figure(
            "mean", f"equals promoted, {metric}, {ROW_BOOTSTRAP}", float(rows), at_least=12
        )


def synthetic(bench: Bench) -> Iterator[Figure]:
    """The same where equals are equal in truth, and errors last: 1,000 worlds of 14 nights."""
    for memory, task in product((0.0, 0.3, 0.6), TASKS):
        worlds = bench.progress(range(1000))
        pairs = [pair for seed in worlds for pair in equal_worlds(task, seed, memory)]
        for metric in [one for one in OF_TASK[task] if one in METRICS]:
            ours, rows = _promoted(metric, pairs)
            what = f"equals promoted, {metric}, correlation {memory:g}"
            yield Figure(task, f"{what}, t 0.5 %", ours, at_most=3 if memory < 0.5 else None)
            yield Figure(task, f"{what}, rows", rows, at_least=12)


def others(bench: Bench) -> Iterator[Figure]:
    """What the gates without a rival of old say of equals: slices, steadiness."""
    for stream in _streams(bench):
        windows = [
            one
            for span in bench.progress(equal_windows(bench, stream, sliced=True))
            for one in span()
        ]
        shifts = [moved(*pair.scores) for pair in windows]
        what = "scores moved among equals, 99th percentile"
        yield Figure(stream.name, what, 100 * float(np.quantile(shifts, 0.99)))
        if stream.recipe.categories:
            refused = sum(not promotes_slices(pair) for pair in windows)
            share = percent(refused, len(windows))
            yield Figure(stream.name, "equals refused for slices, 1 %", share, at_most=5)


def _streams(bench: Bench) -> Iterator[Stream]:
    """Each stream, and those of values as a binary task as well."""
    for stream in bench.streams():
        yield stream
        if stream.recipe.task == "regression":
            yield halved(stream)


def _metrics_of(stream: Stream) -> list[str]:
    return [metric for metric in OF_TASK[stream.recipe.task] if metric in METRICS]


def _promoted(metric: str, pairs: Sequence[Pair]) -> tuple[float, float]:
    """Shares in percent, by the gate and by rows, each pair both ways round."""
    draw = np.random.default_rng(0)
    ours = sum(is_better(metric, pair) + is_better(metric, pair.turned) for pair in pairs)
    rows = sum(sum(is_better_by_rows(metric, pair, draw)) for pair in pairs)
    return percent(ours, 2 * len(pairs)), percent(rows, 2 * len(pairs))


def _equal_figures(name: str, metric: str, ours: float, rows: float) -> Iterator[Figure]:
    yield Figure(name, f"equals promoted, {metric}, t 0.5 %", ours)
    yield Figure(name, f"equals promoted, {metric}, {ROW_BOOTSTRAP}", rows)


ROWS: dict[str, Row] = {
    "synthetic": synthetic,
    "self_test": freezes,
    "simpler": simpler,
    "equals": equals,
    "others": others,
}

if __name__ == "__main__":
    sys.exit(run_rows("Measure how often the gates are wrong.", ROWS, without_data=["synthetic"]))
