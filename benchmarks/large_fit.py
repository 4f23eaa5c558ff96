"""What one fit on more rows than should be held costs, beside a script that reads them all.

    python -m benchmarks.large_fit [--rows 10000000] [--columns 30] [--nights 10]

Both read the same stored nights, which driftloop took in before, make the same features and the
same 40 rounds. The bare script reads every night with pandas, joins labels by key, makes one matrix
and one `QuantileDMatrix`. Trees are compared by their predictions. Each side runs in a process of
its own; seconds are CPU seconds of all its threads.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost
from rich.console import Console
from rich.table import Table

from benchmarks.children import Cost, run_child
from benchmarks.night_bare import PARAMETERS
from benchmarks.wide import KEY, ROUNDS, TARGET, Size, make_project, write_nights
from schemas.batch import Batch
from schemas.labels import Labels
from schemas.project import Project
from tasks.engine.fits import Fitter
from tasks.engine.ingest import ingest_batch
from tasks.engine.labels import ingest_labels
from tasks.engine.records import newest_by_night
from tasks.engine.usable import usable_nights
from tasks.features.build import build_features, fit_features
from tasks.store import Store, open_store

CPU_RATIO = 1.5
MEMORY_RATIO = 0.5


def main() -> int:
    """Print the table; 1 where a ratio is beyond its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--columns", type=int, default=30)
    parser.add_argument("--nights", type=int, default=10)
    parser.add_argument("--side", help="internal: what a child does")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    size = Size(options.rows, options.columns, options.nights)
    if options.side:
        print(json.dumps(_SIDES[options.side](options.folder, size)))
        return 0
    with tempfile.TemporaryDirectory(prefix="driftloop-large-") as name:
        _measure("take in", Path(name), size)
        bare, ours = (_measure(side, Path(name), size) for side in ("bare", "driftloop"))
    return _tell(size, bare, ours)


def _tell(size: Size, bare: Cost, ours: Cost) -> int:
    table = Table(f"{size.rows:,} rows x {size.columns}", "CPU seconds", "peak MB", "parts")
    for name, one in (("bare", bare), ("driftloop", ours)):
        parts = f"{one.told['parts']:.0f}"
        table.add_row(name, f"{one.cpu_seconds:.1f}", f"{one.peak_megabytes:.0f}", parts)
    Console().print(table)
    cpu = ours.cpu_seconds / bare.cpu_seconds
    memory = ours.peak_megabytes / bare.peak_megabytes
    print(f"CPU: ratio {cpu:.2f}, limit {CPU_RATIO}")
    print(f"memory: ratio {memory:.2f}, limit {MEMORY_RATIO}")
    means = bare.told["mean"], ours.told["mean"]
    print("mean prediction of the newest night: {:.6f} and {:.6f}".format(*means))
    if abs(means[0] - means[1]) > 1e-3 or not ours.told["parts"]:
        raise SystemExit("the two did not fit the same, or the rows were held")
    return int(cpu > CPU_RATIO or memory > MEMORY_RATIO)


def _measure(side: str, folder: Path, size: Size) -> Cost:
    numbers = [f"--{name}={getattr(size, name)}" for name in ("rows", "columns", "nights")]
    return run_child("large_fit", f"--side={side}", f"--folder={folder}", *numbers)


def _place(folder: Path, size: Size) -> tuple[Store, Project]:
    (folder / "source").mkdir(exist_ok=True)
    store = open_store((folder / "store").as_uri(), folder / "cache")
    return store, make_project(folder / "source", size)


def _take_in(folder: Path, size: Size) -> dict[str, float]:
    store, project = _place(folder, size)
    write_nights(folder / "source", size)
    for night in size.days:
        ingest_batch(store, project, night)
    ingest_labels(store, project, size.days[-1], oldest=size.days[0])
    return {}


def _fit_bare(folder: Path, size: Size) -> dict[str, float]:
    store, project = _place(folder, size)
    labels = newest_by_night(store, Labels, project.name)
    nights = []
    for night, (_, batch) in newest_by_night(store, Batch, project.name).items():
        if batch.rows is None:
            raise SystemExit(f"{night} was not accepted")
        rows = pd.read_parquet(store.fetch(batch.rows))
        nights.append(rows.merge(pd.read_parquet(store.fetch(labels[night][1].rows)), on=KEY))
    frame = pd.concat(nights, ignore_index=True)
    del nights, rows
    states = fit_features(project.features, frame)
    matrix = build_features(project.features, states, frame)
    kinds = ["c" if kind == "category" else "q" for kind in matrix.kinds]
    data = xgboost.QuantileDMatrix(
        matrix.values, label=frame[TARGET], feature_types=kinds, enable_categorical=True
    )
    booster = xgboost.train(PARAMETERS, data, num_boost_round=ROUNDS)
    model = bytes(booster.save_raw("ubj"))
    newest = build_features(project.features, states, frame.tail(size.rows // size.nights))
    return {"mean": float(project.family.predict(model, newest).mean()), "parts": 0}


def _fit_ours(folder: Path, size: Size) -> dict[str, float]:
    store, project = _place(folder, size)
    nights = usable_nights(store, project, size.days[-1], frozenset())
    fitter = Fitter(store, project, {})
    fit, _ = fitter.fit(nights, size.days[-1])
    newest = fitter.prepare(nights[-1:])[1]
    scores = project.family.predict(store.read_bytes(fit.model), newest)
    return {"mean": float(np.mean(scores)), "parts": fit.parts or 0}


_SIDES: dict[str, Callable[[Path, Size], dict[str, float]]] = {
    "take in": _take_in,
    "bare": _fit_bare,
    "driftloop": _fit_ours,
}


if __name__ == "__main__":
    sys.exit(main())
