"""Boosted trees on rows that come in parts, through XGBoost's external memory.

Rows held in memory are `tasks.families.xgboost`.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xgboost

from schemas.project import Matrix, Parts
from tasks.families.sound import refuse_unsound


class Pages(xgboost.DataIter):
    """Hands one part after the other to XGBoost, which keeps them binned in files of `folder`."""

    def __init__(self, parts: Parts, folder: Path) -> None:
        self._parts = parts
        self._rest: Iterator[tuple[Matrix, np.ndarray]] = parts()
        super().__init__(cache_prefix=str(folder / "pages"))

    def next(self, input_data: Any) -> bool:
        """Whether there was another part."""
        part = next(self._rest, None)
        if part is None:
            return False
        features, target = part
        refuse_unsound(features, target)
        kinds = ["c" if kind == "category" else "q" for kind in features.kinds]
        input_data(data=features.values, label=target, feature_types=kinds)
        return True

    def reset(self) -> None:
        """Begin once more."""
        self._rest = self._parts()


def train_in_parts(parameters: dict[str, Any], parts: Parts, n_rounds: int) -> bytes:
    """Trees by histogram as UBJSON; rows are read from disk once a round.

    Raises:
        ValueError: features or labels are not sound.
    """
    with tempfile.TemporaryDirectory(prefix="driftloop-") as folder:
        return _train(parameters, Pages(parts, Path(folder)), n_rounds)


def _train(parameters: dict[str, Any], pages: Pages, n_rounds: int) -> bytes:
    """In a function of its own: XGBoost removes its files itself, with the last reference."""
    rows = xgboost.ExtMemQuantileDMatrix(pages, enable_categorical=True)
    booster = xgboost.train(parameters, rows, num_boost_round=n_rounds)
    return bytes(booster.save_raw("ubj"))
