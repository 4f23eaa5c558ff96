"""Columns of a sample that seem to be known only with the label.

The signs are those that a challenger's features are examined for, `tasks.core.leaks`, and two that
show in a sample alone: filled only where labels are, and pairs that make the target.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.project import Matrix, Task
from tasks.core.leaks import (
    ALONE,
    MIN_MINORITY,
    MIN_NIGHTS,
    MIN_ROWS,
    Flags,
    Floats,
    Part,
    by_class,
    copies_of_target,
    missingness,
    one_feature_scores,
)
from tasks.inferring.kinds import Seen

_EMPTY, _FILLED = 0.95, 0.5
_GATE = 5  # the newest fifth of the nights is held against the others
_ROWS_OF_PAIRS, _COLUMNS_OF_PAIRS = 1_000, 40


def suspected_leaks(
    seen: Mapping[str, Seen], labels: "pd.Series[float]", task: Task, nights: np.ndarray
) -> dict[str, str]:
    """By column, why it seems to know the label. Rows are in order of time."""
    known = labels.notna().to_numpy()
    found = dict.fromkeys(_filled_later(seen, known), "filled only where the target is known")
    target: Floats = np.asarray(labels[known], dtype=np.float64)
    if len(target) < MIN_ROWS or _minority(target) < MIN_MINORITY:
        return found
    fit = {name: one for name, one in seen.items() if one.kind != "time"}
    part = Part(_matrix(fit, known), target, pd.factorize(nights[known])[0])
    for alarm in copies_of_target(part):
        found.setdefault(alarm.column, "it and the target follow from each other")
    gaps = {name: one.values.isna().to_numpy()[known] for name, one in seen.items()}
    for alarm in chain.from_iterable(missingness(one, gaps) for one in by_class(task, part)):
        said = f"where it is null, that explains {alarm.number:.0%} of the target"
        found.setdefault(alarm.column, said)
    for name, said in (*_alone(part, task), *_pairs(part)):
        found.setdefault(name, said)
    return found


def _filled_later(seen: Mapping[str, Seen], known: Flags) -> Iterator[str]:
    if (~known).sum() < 2 * MIN_MINORITY:
        return
    for name, one in seen.items():
        gap = one.values.isna().to_numpy()
        if gap[~known].mean() >= _EMPTY and gap[known].mean() <= _FILLED:
            yield name


def _matrix(seen: Mapping[str, Seen], known: Flags) -> Matrix:
    """The labelled rows as features would be made of them, words as codes."""
    values = np.empty((int(known.sum()), len(seen)), dtype=np.float32)
    for position, one in enumerate(seen.values()):
        column = one.values.to_numpy()[known]
        if one.kind == "word":
            codes = pd.factorize(column)[0]
            column = np.where(codes < 0, np.nan, codes)
        with np.errstate(over="ignore"):
            values[:, position] = column
    is_word = [one.kind == "word" for one in seen.values()]
    return Matrix(tuple(seen), tuple("category" if w else "number" for w in is_word), values)


def _alone(part: Part, task: Task) -> Iterator[tuple[str, str]]:
    """Columns that rank the newest nights nearly as the target does, by what others teach."""
    last = int(part.nights.max())
    is_gate = part.nights > last - max(1, (last + 1) // _GATE)
    if last + 1 < MIN_NIGHTS or len({*part.target[is_gate]}) < 2:
        return
    scores = one_feature_scores(task, _only(part, ~is_gate), _only(part, is_gate))
    what = "AUC" if task in {"binary", "multiclass"} else "rank correlation"
    for name, score in zip(part.features.names, scores, strict=True):
        if score >= ALONE[task]:
            yield name, f"it alone nearly determines the target ({what} {score:.3f})"


def _only(part: Part, rows: Flags) -> Part:
    features = part.features
    some = Matrix(features.names, features.kinds, features.values[rows])
    return Part(some, part.target[rows], part.nights[rows])


def _pairs(part: Part) -> Iterator[tuple[str, str]]:
    """Two columns whose sum, difference or product is the target."""
    step = max(1, len(part.target) // _ROWS_OF_PAIRS)
    labels = part.target[::step]
    kinds = part.features.kinds
    numbers = [at for at, kind in enumerate(kinds) if kind == "number"][:_COLUMNS_OF_PAIRS]
    for one, other in combinations(numbers, 2):
        left, right = part.column(one)[::step], part.column(other)[::step]
        made = {"sum": left + right, "difference": left - right, "product": left * right}
        for how, values in made.items():
            if _is_target(values, labels) or (how == "difference" and _is_target(-values, labels)):
                names = part.features.names
                yield names[one], f"with {names[other]!a}, their {how} is the target"
                yield names[other], f"with {names[one]!a}, their {how} is the target"


def _is_target(made: Floats, target: Floats) -> bool:
    known = ~np.isnan(made)
    if known.sum() < max(MIN_ROWS, len(made) / 2) or _minority(made[known]) < MIN_MINORITY:
        return False
    return bool(np.allclose(made[known], target[known], rtol=1e-5, atol=1e-6))


def _minority(values: npt.NDArray[np.float64]) -> int:
    """Rows beside the most frequent value."""
    _, counts = np.unique(values, return_counts=True)
    return len(values) - int(counts.max(initial=0))
