"""The night of `benchmarks.night` as a script that knows nothing of driftloop's engine.

It reads each file once, checks it with the project's own Pandera schema, fits twice with the
project's parameters (once judged, once on everything), evaluates, and saves rows and models.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost

from benchmarks.wide import (
    GATE_NIGHTS,
    ROUNDS,
    TARGET,
    Size,
    make_contract,
    path_of,
)

PARAMETERS = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 6,
    "learning_rate": 0.2,
    "min_child_weight": 1.0,
    "subsample": 1.0,
    "seed": 0,
}


def main() -> None:
    """Run the night and print what came out."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("size", type=int, nargs=3)
    options = parser.parse_args()
    size = Size(*options.size)
    rows = _read(options.source, size, options.output)
    per_night = len(rows) // size.nights
    cut = len(rows) - GATE_NIGHTS * per_night
    model, categories = _fit(rows.iloc[:cut], size)
    gate = rows.iloc[cut:]
    scores = model.predict(_matrix(gate, size, categories))
    found = _evaluate(gate[TARGET].to_numpy(), scores)
    refit, known = _fit(rows, size)
    again = refit.predict(_matrix(gate, size, known))
    found["agreement"] = float(np.sqrt(np.mean((again - scores) ** 2)))
    for name, booster in (("judged", model), ("served", refit)):
        booster.save_model(options.output / f"{name}.ubj")
    (options.output / "categories.json").write_text(json.dumps(known))
    (options.output / "metrics.json").write_text(json.dumps(found))
    sys.stdout.write(json.dumps({**found, "fits": 2}))


def _read(source: Path, size: Size, output: Path) -> pd.DataFrame:
    schema = make_contract(size).to_schema()
    nights = []
    for night in size.days:
        rows = pd.read_parquet(path_of(source, night))
        schema.validate(rows, lazy=True, inplace=True)
        rows.to_parquet(output / f"{night}.parquet", index=False, compression="zstd")
        nights.append(rows)
    return pd.concat(nights, ignore_index=True)


def _fit(rows: pd.DataFrame, size: Size) -> tuple[xgboost.Booster, dict[str, list[str]]]:
    categories = {name: sorted(rows[name].unique()) for name in size.words}
    data = xgboost.QuantileDMatrix(
        _values(rows, size, categories),
        label=rows[TARGET].to_numpy(),
        feature_types=_types(size),
        enable_categorical=True,
    )
    return xgboost.train(PARAMETERS, data, num_boost_round=ROUNDS), categories


def _matrix(rows: pd.DataFrame, size: Size, categories: dict[str, list[str]]) -> xgboost.DMatrix:
    values = _values(rows, size, categories)
    return xgboost.DMatrix(values, feature_types=_types(size), enable_categorical=True)


def _values(rows: pd.DataFrame, size: Size, categories: dict[str, list[str]]) -> np.ndarray:
    values = np.empty((len(rows), size.columns), dtype=np.float32)
    numbers = len(size.numbers)
    values[:, :numbers] = rows[size.numbers].to_numpy(np.float32)
    for place, name in enumerate(size.words):
        codes = pd.Index(categories[name]).get_indexer(pd.Index(rows[name]))
        values[:, numbers + place] = np.where(codes < 0, np.nan, codes)
    return values


def _types(size: Size) -> list[str]:
    return ["q"] * len(size.numbers) + ["c"] * len(size.words)


def _evaluate(target: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    chance = np.clip(scores.astype(np.float64), 1e-6, 1 - 1e-6)
    loss = -np.log(np.where(target == 1, chance, 1 - chance))
    ranks = pd.Series(scores).rank().to_numpy()
    ones = int(target.sum())
    above = ranks[target == 1].sum() - ones * (ones + 1) / 2
    auc = float(above / (ones * (len(target) - ones)))
    return {
        "log_loss": float(loss.mean()),
        "auc": auc,
        "accuracy": float(((scores >= 0.5) == target).mean()),
    }


if __name__ == "__main__":
    main()
