"""What evaluating and scoring a million rows cost beside the fit and beside bare `predict`.

    python -m benchmarks.judged_rows [--rows 1000000]

Evaluation is of challenger and rival over 28 nights: every metric with its errors by nights and,
for each of ten words, by slice. The fit is that of `benchmarks.night` on as many rows. Scoring is
`tasks.engine.fits.predict`, bare is the same matrix made with pandas alone and the booster. CPU
seconds of one process, in turn, the least of three.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xgboost
from rich.console import Console
from rich.table import Table

from benchmarks.wide import TARGET, Size, make_project, path_of, write_nights
from schemas.model import Fit
from tasks.core.evaluation import Judged, evaluate
from tasks.engine.fits import predict
from tasks.features.build import build_features, fit_features
from tasks.store import Store, open_store

EVALUATION_SHARE = 0.10
SCORING_RATIO = 1.2
NIGHTS = 28
REPEATS = 3


def main() -> int:
    """Print the table; 1 where a ratio is beyond its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="driftloop-judged-") as name:
        spent = _measure(Path(name), Size(options.rows, 30, 1))
    table = Table("", "CPU seconds")
    for what, seconds in spent.items():
        table.add_row(what, f"{seconds:.2f}")
    Console().print(table)
    share = spent["evaluation"] / spent["fit"]
    ratio = spent["scoring"] / spent["bare scoring"]
    print(f"evaluation: {share:.3f} of the fit, limit {EVALUATION_SHARE}")
    print(f"scoring: ratio {ratio:.2f}, limit {SCORING_RATIO}")
    return int(share > EVALUATION_SHARE or ratio > SCORING_RATIO)


def _measure(folder: Path, size: Size) -> dict[str, float]:
    write_nights(folder, size)
    frame = pd.read_parquet(path_of(folder, size.days[0]))
    project = make_project(folder, size)
    target = frame[TARGET].to_numpy()
    states = fit_features(project.features, frame)
    matrix = build_features(project.features, states, frame)
    spent: dict[str, float] = {}
    model = _least(
        spent, "fit", lambda: project.family.fit(matrix, target, project.task, project.seed), 1
    )
    store = open_store((folder / "store").as_uri(), folder / "cache")
    fit = _stored(store, project.name, model, states, len(frame))
    scores = _least(spent, "scoring", lambda: predict(store, project, (fit,), frame))
    bare = _least(spent, "bare scoring", lambda: _bare(model, states, frame, size))
    if not np.allclose(scores, bare):
        raise SystemExit("both must score alike")
    judged = Judged(
        target=target,
        challenger=scores,
        nights=np.arange(len(frame)) * NIGHTS // len(frame),
        rival=np.clip(scores + 0.01, 0, 1),
        words={"word_3": frame["word_3"]},
    )
    _least(spent, "evaluation", lambda: evaluate(project.task, judged, 0.5))
    return spent


def _stored(store: Store, name: str, model: bytes, states: list[Any], rows: int) -> Fit:
    day = "2026-01-01"
    return Fit.model_validate(
        {
            "id": "benchmark",
            "training_set": "benchmark",
            "first_night": day,
            "last_night": day,
            "cut": day,
            "nights": 1,
            "rows": rows,
            "rounds": 1,
            "prior": 0.5,
            "model": store.add_bytes(name, model, "ubj"),
            "features": store.add_bytes(name, json.dumps(states).encode(), "json"),
        }
    )


def _bare(model: bytes, states: list[Any], frame: pd.DataFrame, size: Size) -> np.ndarray:
    values = np.empty((len(frame), size.columns), dtype=np.float32)
    numbers = len(size.numbers)
    values[:, :numbers] = frame[size.numbers].to_numpy(np.float32)
    for place, word in enumerate(size.words):
        codes = pd.Index(states[1][word]).get_indexer(pd.Index(frame[word]))
        values[:, numbers + place] = np.where(codes < 0, np.nan, codes)
    kinds = ["q"] * numbers + ["c"] * len(size.words)
    rows = xgboost.DMatrix(values, feature_types=kinds, enable_categorical=True)
    booster = xgboost.Booster(model_file=bytearray(model))
    return np.asarray(booster.predict(rows), dtype=np.float64)


def _least(
    spent: dict[str, float], what: str, run: Callable[[], Any], repeats: int = REPEATS
) -> Any:
    made = None
    for _ in range(repeats):
        start = time.process_time()
        made = run()
        spent[what] = min(spent.get(what, np.inf), time.process_time() - start)
    return made


if __name__ == "__main__":
    sys.exit(main())
