"""Metrics of several classes over all rows, and again without the rows of each night. Pure.

Those of other tasks, and what all are for, are `tasks.core.left_out`.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tasks.core.ranking import ranked
from tasks.core.without_each import without_each

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

CLASS_METRICS = ("precision", "recall")
"""Those of one class: what is called it and is, of all that is called it, or of all that is."""


def classes_left_out(
    target: Floats, scores: Floats, units: Indices, losses: Floats, classes: Sequence[str]
) -> dict[str, Floats]:
    """`scores` are one chance a row and class; a row is said to be of the class of the highest.

    The means over classes (`macro_f1`, `auc` of one against the rest) are of those with a row.
    """
    said = scores.argmax(axis=1)
    rows, loss, right = without_each(units, np.ones_like(target), losses, said == target)
    found = {"log_loss": loss / rows, "accuracy": right / rows}
    f1, areas, by_class = [], [], {}
    for code, name in enumerate(classes):
        is_it, says_it = target == code, said == code
        hits, claims, positives = without_each(units, is_it & says_it, says_it, is_it)
        by_class[f"precision:{name}"] = hits / claims
        by_class[f"recall:{name}"] = hits / positives
        if is_it.any():
            f1.append(2 * hits / (claims + positives))
            areas.append(ranked(is_it, scores[:, code], units)[0])
    return {**found, "macro_f1": _mean(f1), "auc": _mean(areas), **by_class}


def confusion(target: Floats, scores: Floats) -> tuple[tuple[int, ...], ...]:
    """Rows of each class, by the class that they are said to be of."""
    width = scores.shape[1]
    places = target.astype(np.intp) * width + scores.argmax(axis=1)
    counts = np.bincount(places, minlength=width**2).reshape(width, width)
    return tuple(tuple(map(int, row)) for row in counts)


def _mean(values: Sequence[Floats]) -> Floats:
    """Over the classes that exist without the night."""
    there = np.isfinite(values)
    return np.asarray(np.where(there, values, 0).sum(axis=0) / there.sum(axis=0))
