"""A project's feature steps as one matrix. The steps themselves live one a file beside this one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from schemas.errors import InvalidProject
from schemas.project import FeatureStep, Matrix, State


def fit_features(steps: Sequence[FeatureStep], frame: pd.DataFrame) -> list[dict[str, Any]]:
    """What each step learns from the training rows, in order, as plain JSON."""
    return [dict(step.fit(frame)) for step in steps]


def build_features(
    steps: Sequence[FeatureStep], states: Sequence[State], frame: pd.DataFrame
) -> Matrix:
    """The steps' features side by side: float32, one row a row of `frame`.

    Raises:
        InvalidProject: two steps make a feature of the same name.
    """
    parts = [step.transform(frame, state) for step, state in zip(steps, states, strict=True)]
    names = tuple(name for part in parts for name in part.names)
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidProject(
            f"features {repeated} are made by more than one step; drop one of them"
        )
    return Matrix(
        names,
        tuple(kind for part in parts for kind in part.kinds),
        parts[0].values if len(parts) == 1 else np.concatenate([p.values for p in parts], axis=1),
    )


def count_unseen(
    steps: Sequence[FeatureStep], states: Sequence[State], frame: pd.DataFrame
) -> dict[str, int]:
    """Rows of each categorical feature whose word training did not know; nulls are not counted."""
    unseen: dict[str, int] = {}
    for step, state in zip(steps, states, strict=True):
        if "category" not in step.transform(frame.head(0), state).kinds:
            continue
        made = step.transform(frame, state)
        for position, (name, kind) in enumerate(zip(made.names, made.kinds, strict=True)):
            if kind == "category" and name in frame:
                is_unknown = np.isnan(made.values[:, position]) & frame[name].notna().to_numpy()
                unseen[name] = int(is_unknown.sum())
    return unseen
