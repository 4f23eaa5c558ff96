"""How a model's scores lie, whatever came true: repeated, out of range, moved. Pure over arrays.

How right they are is `tasks.core.left_out`.
"""

import numpy as np
import numpy.typing as npt

from schemas.evaluation import ScoreSummary
from schemas.project import Task

Floats = npt.NDArray[np.float64]

BINS = 10


def summarise_scores(
    task: Task, target: Floats, scores: Floats, rival: Floats | None
) -> ScoreSummary:
    """Over the rows of all gate nights; at least one row.

    A probability lies from 0 to 1, a value within the range of the labels and as far again on
    either side, a count never below 0. Of several classes the score is that of the likeliest.
    """
    if task == "multiclass":
        changes = (
            [] if rival is None else [moved(*pair) for pair in zip(scores.T, rival.T, strict=True)]
        )
        told = summarise_scores("binary", target, scores.max(axis=1), None)
        return told.model_copy(update={"moved": max(changes, default=None)})
    low, high = (0.0, 1.0) if task == "binary" else _widened(target)
    low = max(low, 0.0) if task == "count" else low
    _, repeats = np.unique(scores, return_counts=True)
    return ScoreSummary(
        identical=float(repeats.max() / len(scores)),
        outside=float(((scores < low) | (scores > high)).mean()),
        moved=None if rival is None else moved(scores, rival),
    )


def moved(scores: Floats, rival: Floats) -> float:
    """Total variation between both models' scores, on ten bins of as many of the rival's each.

    >>> moved(np.array([0.1, 0.2]), np.array([0.1, 0.2])), moved(np.ones(9), np.zeros(9))
    (0.0, 1.0)
    """
    edges = np.unique(np.quantile(rival, np.arange(BINS) / BINS))
    shares = [_shares(edges, one) for one in (scores, rival)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def _shares(edges: Floats, scores: Floats) -> Floats:
    """Beyond all edges, on each and between them: a rival of one score has bins of its own."""
    bins = np.searchsorted(edges, scores, "left") + np.searchsorted(edges, scores, "right")
    return np.asarray(np.bincount(bins, minlength=2 * len(edges) + 1) / len(scores))


def _widened(target: Floats) -> tuple[float, float]:
    low, high = float(target.min()), float(target.max())
    return low - (high - low), high + (high - low)
