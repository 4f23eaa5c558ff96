"""Realised quality: the loss of matured nights against nights of the same recipe, on the log scale.

Computing losses is `tasks.core.metrics`; what an alarm leads to is `tasks.core.policy`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schemas.monitoring import NightLoss, QualityPoint
from schemas.policy import Policy

NULL_NIGHTS = 28
WEEK = 7
HINT_NIGHTS = 3
# Nights of fewer rows are joined with the next ones: the loss of a few rows is mostly chance.
MIN_ROWS = 20
# A loss of exactly 0 counts as a thousandth of the median night's: its logarithm must exist.
FLOOR_SHARE = 1e-3
# Losses within 5 % of each other are alike, however little the null varies.
MIN_SD = 0.05


@dataclass(frozen=True)
class QualityNull:
    """Log loss of nights that the model had not seen and nothing was wrong with."""

    mean: float
    sd: float
    floor: float


def quality_null(losses: Sequence[NightLoss]) -> QualityNull | None:
    """Mean and sd of log(night's mean loss), at least 28 nights in order; None where fewer.

    The sd is that of a new night's distance from the mean, which is uncertain itself: the nights
    of one week depend on each other, so 64 of them are about nine.
    """
    pooled = pool_thin(losses)
    if len(pooled) < NULL_NIGHTS:
        return None
    floor = max(FLOOR_SHARE * float(np.median([n.loss for n in pooled])), np.finfo(float).tiny)
    logs = np.log([max(night.loss, floor) for night in pooled])
    sd = float(logs.std(ddof=1)) * (1 + WEEK / len(logs)) ** 0.5
    return QualityNull(float(logs.mean()), max(sd, MIN_SD), float(floor))


def quality_points(
    null_nights: Sequence[NightLoss], mature: Sequence[NightLoss], policy: Policy
) -> tuple[QualityPoint, ...] | None:
    """The newest mature nights that an alarm looks at, z = (log loss - mean) / sd, oldest first.

    None where the null is insufficient.

    Both arguments are in order of date; nights of under 20 rows are joined with the ones after.
    """
    null = quality_null(null_nights)
    if null is None:
        return None
    of = max(policy.quality_of, policy.lasting_of)
    return tuple(_point(null, night) for night in pool_thin(mature)[-of:])


def _point(null: QualityNull, night: NightLoss) -> QualityPoint:
    z = (np.log(max(night.loss, null.floor)) - null.mean) / null.sd
    return QualityPoint(as_of=night.as_of, rows=night.rows, loss=night.loss, z=float(z))


def quality_alarm(points: Sequence[QualityPoint], policy: Policy) -> bool:
    """Whether quality was lost suddenly (3 of 5 nights above z 2.5) or for long (7 of 10, 1.25).

    The second rule is for losses that vary so much that few nights alone say much.
    """
    return any(rule.alarms for rule in quality_rules(points, policy))


@dataclass(frozen=True)
class QualityRule:
    """One rule of the alarm and the nights that count towards it: `high` of the newest `of`."""

    z: float
    needed: int
    of: int
    high: int

    @property
    def alarms(self) -> bool:
        """Whether enough nights lost more than the null's."""
        return self.high >= self.needed


def quality_rules(points: Sequence[QualityPoint], policy: Policy) -> tuple[QualityRule, ...]:
    """Both rules with what they count, the one for sudden losses first."""
    return tuple(
        QualityRule(z, needed, of, high=sum(point.z > z for point in points[-of:]))
        for z, needed, of in (
            (policy.quality_z, policy.quality_needed, policy.quality_of),
            (policy.lasting_z, policy.lasting_needed, policy.lasting_of),
        )
    )


def quality_hint(null_nights: Sequence[NightLoss], mature: Sequence[NightLoss]) -> bool:
    """Whether the newest 3 nights together lie 1 sd above the null's own runs of 3 nights."""
    null = quality_null(_runs(null_nights))
    newest = _runs(mature)[-1:]
    return null is not None and any(_point(null, run).z > 1 for run in newest)


def _runs(nights: Sequence[NightLoss]) -> list[NightLoss]:
    """Every three nights in a row as one, named after the newest."""
    pooled = pool_thin(nights)
    starts = range(len(pooled) - HINT_NIGHTS + 1)
    return [_join(pooled[start : start + HINT_NIGHTS]) for start in starts]


def pool_thin(nights: Sequence[NightLoss]) -> list[NightLoss]:
    """Join nights of under 20 rows with the ones after, named after the last; a rest waits."""
    pooled: list[NightLoss] = []
    waiting: list[NightLoss] = []
    for night in nights:
        waiting.append(night)
        if sum(n.rows for n in waiting) >= MIN_ROWS:
            pooled.append(_join(waiting))
            waiting = []
    return pooled


def _join(nights: Sequence[NightLoss]) -> NightLoss:
    rows = sum(night.rows for night in nights)
    loss = sum(night.rows * night.loss for night in nights) / rows
    return NightLoss(as_of=nights[-1].as_of, rows=rows, loss=loss)
