"""The self-test of the gates: equals, the champion itself, noise, shuffled labels, an oracle.

    python -m benchmarks.gates [--only ROW] [--data FOLDER] [--cache FOLDER]

Each metric is judged by `MetricBetter` on the streams of `benchmarks.streams`, values also as
"above the median of its hour or not", and on synthetic nights; docs/decisions.md explains the
figures. On a busy machine OMP_NUM_THREADS=1 makes it several times faster.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from benchmarks.bench import Bench
from benchmarks.figures import Figure, percent
from benchmarks.judging import (
    METRICS,
    Pair,
    equal_windows,
    equal_worlds,
    is_better,
    is_better_by_rows,
    promotes_slices,
    self_test_pairs,
)
from benchmarks.streams import RECIPES, Stream, halved
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


def self_test(bench: Bench) -> Iterator[Figure]:
    """The champion itself, with noise, or of shuffled labels must not pass; an oracle must."""
    for stream in _streams(bench):
        found: dict[str, list[Pair]] = {}
        for who, pair in self_test_pairs(bench, stream):
            found.setdefault(who, []).append(pair)
        for metric in _metrics_of(stream):
            for who, pairs in found.items():
                passed = percent(sum(is_better(metric, pair) for pair in pairs), len(pairs))
                limits = {"at_least": 95.0} if who == "oracle" else {"at_most": 0.0}
                yield Figure(stream.name, f"{who} promoted, {metric}", passed, **limits)


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


ROWS: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "synthetic": synthetic,
    "self_test": self_test,
    "equals": equals,
    "others": others,
}


def main() -> int:
    """Run the rows asked for; 1 when a figure misses its limit, 2 when the data is absent."""
    options = _parse_options()
    missing = [r.file for r in RECIPES.values() if not (options.data / r.file).is_file()]
    rows = options.only or list(ROWS)
    if missing and rows != ["synthetic"]:
        print(f"{', '.join(missing)} not found in {options.data}; see --data", file=sys.stderr)
        return 2
    return max(_run(Bench(options.data, options.cache), row) for row in rows)


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


def _run(bench: Bench, row: str) -> int:
    began = time.monotonic()
    passed = True
    for figure in ROWS[row](bench):
        print(figure.line(row), flush=True)
        passed &= figure.passed
    print(f"{row}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0 if passed else 1


def _parse_options() -> argparse.Namespace:
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser = argparse.ArgumentParser(description="Measure how often the gates are wrong.")
    parser.add_argument("--only", action="append", choices=list(ROWS), help="one row, repeatable")
    parser.add_argument("--data", type=Path, default=os.environ.get("DRIFTLOOP_DATA", beside))
    cache = Path(tempfile.gettempdir()) / "driftloop-bench"
    parser.add_argument("--cache", type=Path, default=cache, help="where predictions are kept")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
