"""Runs the acceptance rows of the decision rules and prints each figure beside its limit.

    python -m benchmarks.decisions [--only ROW] [--data FOLDER] [--cache FOLDER]

Figures and how they were measured are explained in docs/decisions.md. A new row is a function
from a Bench to figures, named in ROWS.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import (
    rows_drift,
    rows_faults,
    rows_gates,
    rows_leaks,
    rows_quality,
    rows_replay,
    rows_thin,
)
from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.streams import RECIPES

ROWS: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "drift": rows_drift.false_alarms,
    "random_rows": rows_drift.random_rows,
    "short_reference": rows_drift.short_reference,
    "thin_nights": rows_thin.thin_nights,
    "thin_synthetic": rows_thin.synthetic,
    "faults": rows_faults.faults,
    "power": rows_faults.power,
    "quality": rows_quality.by_blocks,
    "quality_gates": rows_quality.by_gate_windows,
    "equals": rows_gates.equals,
    "truly_better": rows_gates.truly_better,
    "disaster": rows_gates.disaster,
    "stand_in": rows_gates.stand_in,
    "leaks": rows_leaks.false_alarms,
    "leaks_known_later": rows_leaks.known_later,
    "leaks_planted": rows_leaks.planted,
    "replay": rows_replay.kept_gain,
}


def main() -> int:
    """Run the rows asked for; 1 when any figure misses its limit, 2 when the data is absent."""
    options = _parse_options()
    missing = [r.file for r in RECIPES.values() if not (options.data / r.file).is_file()]
    if missing:
        print(
            f"{', '.join(missing)} not found in {options.data}: "
            "name the folder of the data sets with --data or DRIFTLOOP_DATA",
            file=sys.stderr,
        )
        return 2
    bench = Bench(options.data, options.cache)
    rows = options.only or list(ROWS)
    return max(_run(bench, row) for row in rows)


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
    parser = argparse.ArgumentParser(description="Measure the error rates of the decision rules.")
    parser.add_argument("--only", action="append", choices=list(ROWS), help="one row, repeatable")
    parser.add_argument("--data", type=Path, default=os.environ.get("DRIFTLOOP_DATA", beside))
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "driftloop-bench",
        help="where predictions are kept between runs, named after their inputs",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
