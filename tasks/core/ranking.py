"""ROC AUC and average precision over all rows, and again without each unit. Pure over arrays.

Scores are sorted once. The other metrics are `tasks.core.left_out`.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

STEPS = 5_000
"""Where more scores differ, what leaving out a unit changes is measured on a curve of so many."""


def ranked(
    positive: npt.NDArray[np.bool_], scores: Floats, units: Indices
) -> tuple[Floats, Floats]:
    """ROC AUC and average precision; the rows of equal scores are one step of both curves.

    The values of all rows are exact. Those without a unit are too, up to `STEPS` different scores;
    above, neighbours count as equal in the difference that leaving out makes, and there alone.
    """
    order = np.argsort(-scores)
    positive, unit, ranked = positive[order], units[order], scores[order]
    steps = np.cumsum(np.append(False, ranked[1:] != ranked[:-1]))
    many = int(steps[-1]) + 1
    whole = _areas(_counts(steps, positive, many))
    if many > STEPS:  # finest at the highest scores, which weigh most in average precision
        steps, many = (STEPS * np.sqrt(steps / many)).astype(np.intp), STEPS
    by_unit = _counts(unit * many + steps, positive, many * (int(units.max()) + 1))
    by_unit = by_unit.reshape(2, -1, many)
    total = by_unit.sum(axis=1, keepdims=True)
    changed = _areas(total - by_unit) - _areas(total)
    auc, precision = np.concatenate([whole, whole + changed], axis=1)
    return auc, precision


def _counts(places: Indices, positive: npt.NDArray[np.bool_], many: int) -> Floats:
    """Positives and negatives at each place, shape (2, 1, many)."""
    rows = np.bincount(places, minlength=many)
    hits = np.bincount(places[positive], minlength=many)
    return np.array([[hits], [rows - hits]], dtype=np.float64)


def _areas(counts: Floats) -> Floats:
    """Of positives and negatives a step, (2, curves, steps), both areas, (2, curves)."""
    more, less = counts
    hits, misses = more.cumsum(axis=1), less.cumsum(axis=1)
    positives, negatives = hits[:, -1], misses[:, -1]
    share = np.divide(hits, hits + misses, out=np.zeros_like(hits), where=hits + misses > 0)
    under = (less * (hits - more / 2)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.array([under / (positives * negatives), (more * share).sum(axis=1) / positives])
