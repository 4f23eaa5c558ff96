"""Columns that seem to be known only with the label. Pure, on the sample's labelled rows.

Suspected from one sample only: what a model gains from a column is seen once it is judged.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.project import Task
from tasks.core.metrics import area_under_curve
from tasks.inferring.kinds import Seen

Floats = npt.NDArray[np.float64]

_MIN_ROWS = 50
_MIN_MINORITY = 10
_ALONE = {"binary": 0.965, "regression": 0.93}
_TELLS = 0.99
_EMPTY, _FILLED = 0.95, 0.5
_ROWS_OF_SUMS, _COLUMNS_OF_SUMS = 1_000, 40
_BINS = 20
_ROWS_OF_A_WORD = 20  # words of single rows tell each row its own label


def suspected_leaks(
    seen: Mapping[str, Seen], labels: "pd.Series[float]", task: Task
) -> dict[str, str]:
    """By column, why it seems to know the label; columns that nothing speaks against are absent."""
    known = labels.notna().to_numpy()
    target: Floats = np.asarray(labels[known], dtype=np.float64)
    if len(target) < _MIN_ROWS or _minority(target) < _MIN_MINORITY:
        return {}
    found: dict[str, str] = {}
    numbers: dict[str, Floats] = {}
    for name, one in seen.items():
        values = one.values.reset_index(drop=True)
        if said := _known_later(values, known) or _gap_tells(values[known], target):
            found[name] = said
            continue
        ranked = _as_numbers(one, target, known)
        if ranked is None:
            continue
        if one.kind != "word":
            numbers[name] = ranked
        if said := _alone(ranked, target, task, is_word=one.kind == "word"):
            found[name] = said
    for pair in _made_of(numbers, target):
        for name, said in pair.items():
            found.setdefault(name, said)
    return found


def _known_later(values: pd.Series, known: npt.NDArray[np.bool_]) -> str | None:
    """Filled only where labels are."""
    if (~known).sum() < 2 * _MIN_MINORITY:
        return None
    empty, usual = float(values[~known].isna().mean()), float(values[known].isna().mean())
    if empty >= _EMPTY and usual <= _FILLED:
        return "filled only where the target is known"
    return None


def _gap_tells(values: pd.Series, target: Floats) -> str | None:
    """Null exactly where the target has its usual value, or exactly where it has not."""
    gap = values.isna().to_numpy()
    if min(gap.sum(), (~gap).sum()) < _MIN_MINORITY:
        return None
    levels, counts = np.unique(target, return_counts=True)
    has_level = target == levels[counts.argmax()]
    among_gaps, among_others = float(has_level[gap].mean()), float(has_level[~gap].mean())
    if abs(among_gaps - among_others) >= _TELLS:
        return "null exactly where the target has one value"
    return None


def _as_numbers(one: Seen, target: Floats, known: npt.NDArray[np.bool_]) -> Floats | None:
    """Numbers as they are, words as their mean target; None for what is rare or constant."""
    if one.kind == "time":
        return None
    values = one.values.reset_index(drop=True)[known]
    if values.nunique() < 2:
        return None
    if values.notna().sum() < max(_MIN_ROWS, len(values) / 2):
        return None
    if one.kind != "word":
        numbers: Floats = values.to_numpy(dtype=np.float64)
        return numbers if _minority(numbers[~np.isnan(numbers)]) >= _MIN_MINORITY else None
    rows = pd.DataFrame({"word": values.to_numpy(), "target": target})
    by_word = rows.groupby("word")["target"]
    if (by_word.transform("size") < _ROWS_OF_A_WORD).mean() > 1 - _FILLED:
        return None
    return np.asarray(by_word.transform("mean"), dtype=np.float64)


def _alone(values: Floats, target: Floats, task: Task, *, is_word: bool) -> str | None:
    there = ~np.isnan(values)
    values, target = values[there], target[there]
    if _minority(target) < _MIN_MINORITY:
        return None
    if not is_word and np.array_equal(values, target):
        return "equal to the target"
    score = _score(values, target, task)
    if not is_word:
        score = max(score, _score(_binned(values, target), target, task))
    if score < _ALONE[task]:
        return None
    what = "AUC" if task == "binary" else "rank correlation"
    return f"it alone nearly determines the target ({what} {score:.3f})"


def _score(values: Floats, target: Floats, task: Task) -> float:
    """How well values rank the rows, in either direction."""
    if task == "binary":
        area = area_under_curve(target == 1, np.asarray(pd.Series(values).rank(), np.float64))
        return max(area, 1 - area)
    if len(np.unique(values)) < 2:
        return 0.0
    return abs(float(pd.Series(values).corr(pd.Series(target), method="spearman")))


def _binned(values: Floats, target: Floats) -> Floats:
    """The mean target of each value's bin, which sees what neither rises nor falls throughout."""
    edges = np.unique(np.quantile(values, np.arange(1, _BINS) / _BINS, method="inverted_cdf"))
    place = np.searchsorted(edges, values, side="right")
    return (np.bincount(place, target) / np.maximum(np.bincount(place), 1))[place]


def _made_of(numbers: Mapping[str, Floats], target: Floats) -> Iterator[dict[str, str]]:
    """Pairs that make the target exactly, as a sum, a difference or a product."""
    step = max(1, len(target) // _ROWS_OF_SUMS)
    labels = target[::step]
    columns = {name: values[::step] for name, values in list(numbers.items())[:_COLUMNS_OF_SUMS]}
    for one, other in combinations(columns, 2):
        left, right = columns[one], columns[other]
        for sign, made in (("+", left + right), ("-", left - right), ("x", left * right)):
            if _is_target(made, labels) or (sign == "-" and _is_target(-made, labels)):
                how = {"+": "their sum", "-": "their difference", "x": "their product"}[sign]
                yield {
                    one: f"with {other!a}, {how} is the target",
                    other: f"with {one!a}, {how} is the target",
                }


def _is_target(made: Floats, target: Floats) -> bool:
    return _minority(made) >= _MIN_MINORITY and bool(
        np.allclose(made, target, rtol=1e-6, atol=1e-9)
    )


def _minority(values: Floats) -> int:
    """Rows beside the most frequent value."""
    _, counts = np.unique(values, return_counts=True)
    return len(values) - int(counts.max(initial=0))
