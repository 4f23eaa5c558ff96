"""What driftloop costs at a million rows, beside a bare script that does the same work.

Run it with `.venv/bin/python -m benchmarks.night`; it ends with 1 when a limit is missed. "Read,
check, train 40 rounds, evaluate, save": both read the same generated Parquet files, check them with
the same Pandera contract, make the same two fits with the same parameters (the one that is judged
on the newest 3 nights, and the one on all nights that would serve), evaluate on the same rows and
save checked rows and models. Their metrics are compared, so that neither can have done less.

The bare script is fair and no straw man: it reads every file once, labels included, and keeps
the rows in memory. It has no labels to join, no profile, no hashes, no drift reference, no synced
files, no first load of the model in a process of its own: driftloop's share above 1.00 buys these.

Each runs in a process of its own, in turn, and its least numbers count, since a busy machine can
only add to them. Children count. Seconds are CPU seconds, user and system; XGBoost's threads sleep
while they wait, in both, or their idling would be measured. The source has a file a night: the
time as key, which the shipped data sets have, allows one row a second only.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.children import Cost, run_child
from benchmarks.wide import GATE_NIGHTS, WORDS, Size, write_nights

CPU_RATIO = 1.25
MEMORY_RATIO = 1.3
SMALLEST_COLUMNS = WORDS + 2
LEAST_ROWS_JUDGED = 500_000
"""On fewer rows the fixed costs decide, imports above all: ratios are shown and cannot fail."""

_SAME = ("log_loss", "auc", "accuracy", "fits")


def main() -> int:
    """Measure both and print one table; 1 when a ratio is above its limit."""
    size, repeats = _parse_options()
    with tempfile.TemporaryDirectory(prefix="driftloop-night-") as folder:
        source = Path(folder) / "source"
        source.mkdir()
        write_nights(source, size)
        pairs = [_measure_pair(source, Path(folder) / str(n), size) for n in range(repeats)]
    bare, through = (_least(side) for side in zip(*pairs, strict=True))
    return _tell(size, bare, through)


def _parse_options() -> tuple[Size, int]:
    parser = argparse.ArgumentParser(description="Measure a night beside a bare script.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="over all nights")
    parser.add_argument("--columns", type=int, default=30, help=f"at least {SMALLEST_COLUMNS}")
    parser.add_argument("--nights", type=int, default=8, help=f"more than {GATE_NIGHTS}")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each, in turn")
    parser.add_argument("--quick", action="store_true", help="small: proves only that it runs")
    options = parser.parse_args()
    if options.nights <= GATE_NIGHTS or options.columns < SMALLEST_COLUMNS:
        parser.error(f"more than {GATE_NIGHTS} nights, at least {SMALLEST_COLUMNS} columns")
    if options.quick:
        return Size(80_000, options.columns, options.nights), 1
    return Size(options.rows, options.columns, options.nights), options.repeats


def _measure_pair(source: Path, folder: Path, size: Size) -> tuple[Cost, Cost]:
    bare = _measure("night_bare", source, folder, size)
    through = _measure("night_driftloop", source, folder, size)
    _check_same(bare, through)
    return bare, through


def _least(costs: tuple[Cost, ...]) -> Cost:
    """The smallest numbers of several runs: what the machine did besides can only add to them."""
    return Cost(
        min(cost.cpu_seconds for cost in costs),
        min(cost.peak_megabytes for cost in costs),
        costs[0].told,
    )


def _measure(module: str, source: Path, folder: Path, size: Size) -> Cost:
    output = folder / module
    output.mkdir(parents=True)
    sizes = (str(part) for part in (size.rows, size.columns, size.nights))
    return run_child(module, str(source), str(output), *sizes)


def _check_same(bare: Cost, through: Cost) -> None:
    """Both must have made the same models, up to the order in which losses are summed."""
    for name in _SAME:
        if abs(bare.told[name] - through.told[name]) > 1e-6:
            raise SystemExit(f"{name}: bare {bare.told[name]}, driftloop {through.told[name]}")


def _tell(size: Size, bare: Cost, through: Cost) -> int:
    print(f"{size.rows} rows x {size.columns} columns over {size.nights} nights, same 2 fits,")
    print(f"AUC {through.told['auc']:.4f} in both")
    print(f"{'':<14}{'bare':>10}{'driftloop':>12}{'ratio':>8}{'limit':>8}")
    rows = (
        ("CPU seconds", bare.cpu_seconds, through.cpu_seconds, CPU_RATIO),
        ("peak memory MB", bare.peak_megabytes, through.peak_megabytes, MEMORY_RATIO),
    )
    passed, is_judged = True, size.rows >= LEAST_ROWS_JUDGED
    for what, one, other, limit in rows:
        ratio = other / one
        passed &= ratio <= limit or not is_judged
        verdict = ("pass" if ratio <= limit else "FAIL") if is_judged else "shown"
        print(f"{what:<14}{one:>10.1f}{other:>12.1f}{ratio:>8.2f}{limit:>8.2f}  {verdict}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
