"""Rows of figures on the command line: which are asked for, where the data is, what missed."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.streams import RECIPES

Row = Callable[[Bench], Iterator[Figure]]


def run_rows(about: str, rows: Mapping[str, Row], without_data: Collection[str] = ()) -> int:
    """Run the rows asked for; 1 when any figure misses its limit, 2 when the data is absent.

    Those `without_data` make their own.
    """
    options = _parse_options(about, list(rows))
    asked = options.only or list(rows)
    missing = [r.file for r in RECIPES.values() if not (options.data / r.file).is_file()]
    if missing and not set(asked) <= set(without_data):
        print(
            f"{', '.join(missing)} not found in {options.data}: "
            "name the folder of the data sets with --data or DRIFTLOOP_DATA",
            file=sys.stderr,
        )
        return 2
    bench = Bench(options.data, options.cache)
    return max(_run(bench, name, rows[name]) for name in asked)


def _run(bench: Bench, name: str, row: Row) -> int:
    began = time.monotonic()
    passed = True
    for figure in row(bench):
        print(figure.line(name), flush=True)
        passed &= figure.passed
    print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0 if passed else 1


def _parse_options(about: str, names: list[str]) -> argparse.Namespace:
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--only", action="append", choices=names, help="one row, repeatable")
    parser.add_argument("--data", type=Path, default=os.environ.get("DRIFTLOOP_DATA", beside))
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "driftloop-bench",
        help="where predictions are kept between runs, named after their inputs",
    )
    return parser.parse_args()
