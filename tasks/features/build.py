"""A project's feature steps as one matrix. The steps themselves live one a file beside this one."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from schemas.errors import InvalidProject
from schemas.project import FeatureStep, Matrix, State
from tasks.features.categories import encode


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
    """Rows of each column of words whose word training did not know; nulls are not counted.

    Of several steps that read a column, the one that knows fewest counts.
    """
    unseen: Counter[str] = Counter()
    for step, state in zip(steps, states, strict=True):
        for name, words in step.known_words(state).items():
            is_unknown = np.isnan(encode(frame[name], list(words))) & frame[name].notna().to_numpy()
            unseen[name] = max(unseen[name], int(is_unknown.sum()))
    return dict(unseen)
