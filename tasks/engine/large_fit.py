"""A fit whose rows are never held together: features are made night by night and kept on disk.

Which training sets are fitted so is `tasks.core.large_sets`; what a family does with parts is its
own. Smaller ones are `tasks.engine.fits`.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from schemas.contract import names_of
from schemas.project import Matrix, Project
from schemas.record import canonical_json
from tasks.core import large_sets
from tasks.engine.learning import fit_family_in_parts, weighted
from tasks.engine.usable import UsableNight
from tasks.features.build import build_features

Rows = Callable[[UsableNight], pd.DataFrame]
"""The rows of a night that the fit is to learn from, with their target."""


@dataclass(frozen=True)
class Made:
    """Model and feature state as they would be stored, the target, and how many parts it took."""

    model: bytes
    features: bytes
    target: np.ndarray
    parts: int | None = None


def is_large(project: Project, nights: Sequence[UsableNight]) -> bool:
    """Whether these nights are fitted in parts; so are they wherever each step says what it reads.

    Rows of held-out groups count too: of two fits of an attempt both are made in the same way.
    """
    rows = sum(night.labels.kept for night in nights)
    is_said = all(step.reads() for step in project.features if step.learns)
    return is_said and large_sets.is_large(rows, len(names_of(project.contract, "feature")))


def fit_in_parts(project: Project, nights: Sequence[UsableNight], rows: Rows) -> Made:
    """The fit: every night is read twice, its features are written to disk once."""
    states = _learn(project, nights, rows)
    with tempfile.TemporaryDirectory(prefix="driftloop-") as folder:
        parts = [
            _Part.write(Path(folder) / f"{number:06d}.npy", project, states, frame)
            for number, frame in enumerate(_gather(nights, rows))
        ]

        def read() -> Iterator[tuple[Matrix, np.ndarray]]:
            return (part.read() for part in parts)

        target = np.concatenate([part.target for part in parts])
        model = fit_family_in_parts(project, read, target)
    return Made(model, canonical_json(states), target, len(parts))


def _learn(project: Project, nights: Sequence[UsableNight], rows: Rows) -> list[dict[str, Any]]:
    """What each step learns: from the columns alone that some step which learns reads."""
    read = {name for step in project.features if step.learns for name in step.reads()}
    head = rows(nights[0]).head(1)
    names = [name for name in head.columns if name in read]
    frame = (
        pd.concat([rows(night)[names] for night in nights], ignore_index=True) if names else head
    )
    return [dict(step.fit(frame if step.learns else head)) for step in project.features]


def _gather(nights: Sequence[UsableNight], rows: Rows) -> Iterator[pd.DataFrame]:
    """Whole nights together until they make a part."""
    waiting: list[pd.DataFrame] = []
    for place, night in enumerate(nights, start=1):
        waiting.append(rows(night))
        if sum(map(len, waiting)) >= large_sets.ROWS or place == len(nights):
            yield pd.concat(waiting, ignore_index=True)
            waiting = []


@dataclass(frozen=True)
class _Part:
    """One part's features on disk; `shape_of` has all but them."""

    path: Path
    shape_of: Matrix
    target: np.ndarray

    @staticmethod
    def write(
        path: Path, project: Project, states: Sequence[dict[str, Any]], frame: pd.DataFrame
    ) -> "_Part":
        made = build_features(project.features, states, frame)
        matrix = weighted(made, project.weight, frame)
        np.save(path, matrix.values, allow_pickle=False)
        target = frame[project.target].to_numpy(dtype=np.float64, copy=True)
        return _Part(path, replace(matrix, values=matrix.values[:0].copy()), target)

    def read(self) -> tuple[Matrix, np.ndarray]:
        values = np.load(self.path, allow_pickle=False)
        return replace(self.shape_of, values=values), self.target
