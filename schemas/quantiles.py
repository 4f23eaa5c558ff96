"""Tasks that predict a quantile of the label: `p90` is what nine labels of ten do not exceed.

All other tasks are named in `schemas.project`.
"""

from typing import Literal

Quantile = Literal["p05", "p10", "p25", "p50", "p75", "p90", "p95", "p99"]
LEVELS: dict[Quantile, float] = {
    "p05": 0.05,
    "p10": 0.1,
    "p25": 0.25,
    "p50": 0.5,
    "p75": 0.75,
    "p90": 0.9,
    "p95": 0.95,
    "p99": 0.99,
}
"""By task the share of labels that lie at or below the prediction, if it is right."""


def level_of(task: str) -> float | None:
    """The level of a task of quantiles; None of any other.

    >>> level_of("p90"), level_of("regression")
    (0.9, None)
    """
    return next((level for name, level in LEVELS.items() if name == task), None)
