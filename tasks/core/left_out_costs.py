"""What decisions cost, and how good those of a limited number are; again without each night. Pure.

The other metrics are `tasks.core.left_out`. Who gets a yes: everybody from the threshold on, or of
each night the rows of the highest scores, as many as the capacity.
"""

import numpy as np
import numpy.typing as npt

from schemas.costs import Costs
from tasks.core.without_each import without_each

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def costs_left_out(
    target: Floats, scores: Floats, units: Indices, threshold: float, costs: Costs
) -> dict[str, Floats]:
    """The mean cost of a row."""
    said, positive = scores >= threshold, target == 1
    wrong = costs.false_alarm * (said & ~positive) + costs.missed * (~said & positive)
    rows, cost = without_each(units, np.ones_like(target), wrong)
    return {"cost": cost / rows}


def capacity_left_out(
    target: Floats, scores: Floats, nights: Indices, units: Indices, capacity: int
) -> dict[str, Floats]:
    """Precision and recall where only so many rows a night get the yes; of equals the first."""
    said, positive = highest(scores, nights, capacity), target == 1
    hits, claims, positives = without_each(units, said & positive, said, positive)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "precision_at_capacity": hits / claims,
            "recall_at_capacity": hits / positives,
        }


def highest(scores: Floats, nights: Indices, capacity: int) -> npt.NDArray[np.bool_]:
    """The rows of the highest scores of each night.

    >>> highest(np.array([0.1, 0.9, 0.5]), np.array([0, 0, 1]), 1).tolist()
    [False, True, True]
    """
    order = np.lexsort((-scores, nights))
    _, starts, sizes = np.unique(nights[order], return_index=True, return_counts=True)
    ranks = np.empty(len(scores), dtype=np.intp)
    ranks[order] = np.arange(len(scores)) - np.repeat(starts, sizes)
    return np.asarray(ranks < capacity)
