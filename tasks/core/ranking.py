"""ROC AUC and average precision over all rows, and again without each unit. Pure over arrays.

Scores are sorted once. The other metrics are `tasks.core.left_out`.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def ranked(
    positive: npt.NDArray[np.bool_], scores: Floats, units: Indices
) -> tuple[Floats, Floats]:
    """ROC AUC and average precision; the rows of equal scores are one step of both curves."""
    order = np.argsort(-scores, kind="stable")
    positive, unit, ranked = positive[order], units[order], scores[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    areas = []
    for out in range(-1, int(units.max()) + 1):
        kept = unit != out
        hits = np.cumsum(positive & kept)[ends].astype(np.float64)
        misses = np.cumsum(kept)[ends] - hits
        areas.append(_areas(hits, misses))
    auc, precision = np.array(areas).T
    return auc, precision


def _areas(hits: Floats, misses: Floats) -> tuple[float, float]:
    more = np.diff(hits, prepend=0.0)
    share = np.divide(hits, hits + misses, out=np.zeros_like(hits), where=hits + misses > 0)
    under = np.diff(misses, prepend=0.0) @ (hits - more / 2)
    positives, negatives = hits[-1], misses[-1]
    if positives == 0:
        return np.nan, np.nan
    auc = under / (positives * negatives) if negatives else np.nan
    return float(auc), float(more @ share / positives)
