"""What taking in a night costs beside pyarrow reading and rewriting the same file.

    python -m benchmarks.ingest [--rows 1000000] [--large 10000000]

One night of 30 columns, generated. "Ingest" is `ingest_batch` on `Files`: read, hash, two cleaning
steps, types, a contract of 30 columns with a check each, profile, write, hash, commit. Each side
runs in a process of its own, three times; the least CPU seconds count, without imports. A large
night, which is taken in a part at a time, runs once; its limit is memory.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from rich.console import Console
from rich.table import Table

from benchmarks.wide import FIRST, KEY, TARGET, TIME, Size, write_nights

LIMITS = {"parquet": 3.0, "csv": 1.3}
LARGE_GIB = 1.5
REPEATS = 3


def main() -> int:
    """Print the table; 1 where a ratio is beyond its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=10_000_000, help="0 leaves it out")
    parser.add_argument("--side", help="internal: what a child does")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(_run(options.side, options.folder, options.rows)))
        return 0
    with tempfile.TemporaryDirectory(prefix="driftloop-ingest-") as name:
        folder = Path(name)
        _least("write both", folder, options.rows)  # in a child too: peaks are inherited
        spent = {side: _least(side, folder, options.rows) for side in _SIDES}
        large = _large(folder, options.large) if options.large else {}
    table = Table("", "CPU seconds", "peak MiB")
    for side, (seconds, megabytes) in {**spent, **large}.items():
        table.add_row(side, f"{seconds:.2f}", f"{megabytes:.0f}")
    Console().print(table)
    parquet = spent["ingest parquet"][0] / spent["pyarrow parquet"][0]
    # a CSV night may cost what pyarrow's reader does, and all that a Parquet night costs beyond
    beyond = spent["ingest parquet"][0] - spent["pyarrow parquet"][0]
    csv = spent["ingest csv"][0] / (spent["pyarrow csv"][0] + beyond)
    for what, ratio in (("parquet", parquet), ("csv", csv)):
        print(f"{what}: ratio {ratio:.2f}, limit {LIMITS[what]}")
    peak = large["ingest large"][1] / 1024 if large else 0.0
    print(f"large: peak {peak:.2f} GiB, limit {LARGE_GIB}")
    return int(parquet > LIMITS["parquet"] or csv > LIMITS["csv"] or peak > LARGE_GIB)


def _large(folder: Path, rows: int) -> dict[str, tuple[float, float]]:
    _least("write large", folder, rows, repeats=1)
    return {side: _least(side, folder, rows, repeats=1) for side in _LARGE}


def _write(folder: Path, rows: int, is_large: bool) -> None:
    import pyarrow.csv
    import pyarrow.parquet

    write_nights(folder, Size(rows, 30, 1))
    if is_large:
        return
    table = pyarrow.parquet.read_table(folder / f"{FIRST}.parquet")
    pyarrow.csv.write_csv(table, folder / f"{FIRST}.csv", _plain())


def _plain() -> "object":
    import pyarrow.csv

    return pyarrow.csv.WriteOptions(quoting_style="none")


def _least(side: str, folder: Path, rows: int, repeats: int = REPEATS) -> tuple[float, float]:
    told = []
    for _ in range(repeats):
        command = [sys.executable, "-m", "benchmarks.ingest", "--side", side]
        options = ["--folder", str(folder), "--rows", str(rows)]
        done = subprocess.run([*command, *options], stdout=subprocess.PIPE, check=True, text=True)
        told.append(json.loads(done.stdout))
    return min(one[0] for one in told), min(one[1] for one in told)


def _run(side: str, folder: Path, rows: int) -> tuple[float, float]:
    tool, suffix = side.split()
    if tool == "write":
        _write(folder, rows, suffix == "large")
        return 0.0, 0.0
    suffix = suffix.replace("large", "parquet")
    act = _ingest(folder, suffix, rows) if tool == "ingest" else _rewrite(folder, suffix)
    start = time.process_time()
    act()
    return time.process_time() - start, getrusage(RUSAGE_SELF).ru_maxrss / 1024


def _rewrite(folder: Path, suffix: str):  # type: ignore[no-untyped-def]  # a closure
    import pyarrow.csv
    import pyarrow.parquet

    path, to = folder / f"{FIRST}.{suffix}", folder / "again.parquet"
    read = pyarrow.csv.read_csv if suffix == "csv" else pyarrow.parquet.read_table
    return lambda: pyarrow.parquet.write_table(read(path), to, compression="zstd")


def _ingest(folder: Path, suffix: str, rows: int):  # type: ignore[no-untyped-def]  # a closure
    from benchmarks.wide import make_project
    from tasks.cleaning.clip import Clip
    from tasks.cleaning.null_sentinels import NullSentinels
    from tasks.engine.ingest import ingest_batch
    from tasks.sources.files import Files
    from tasks.store import open_store

    source = Files(
        file=f"{folder}/{{as_of}}.{suffix}", time=TIME, zone="UTC", key=(KEY,), target=TARGET
    )
    steps = NullSentinels(columns=("number_01",), values=(-999,)), Clip(column="number_02", low=-50)
    project = make_project(folder, Size(rows, 30, 1))
    project = project.model_copy(update={"source": source, "cleaning": steps})
    store = open_store((Path(tempfile.mkdtemp(dir=folder)) / "store").as_uri(), folder / "cache")
    return lambda: ingest_batch(store, project, FIRST)


_LARGE = ("pyarrow large", "ingest large")
_SIDES = ("pyarrow parquet", "ingest parquet", "pyarrow csv", "ingest csv")

if __name__ == "__main__":
    sys.exit(main())
