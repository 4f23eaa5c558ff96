"""Which rung of a ladder the data deserves: the one-standard-error rule over nights.

Losses come from `tasks.engine.ladder`; whether the change is made, the gates decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.core.paired_nights import PairedNights

_CONFIDENCE = 0.975

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LossSums:
    """Rows of each unit, shape (units,), and each rung's loss sums on them, (units, rungs).

    A unit is a night, or a bundle of held-out groups.
    """

    rows: Floats
    losses: Floats


@dataclass(frozen=True)
class Rung:
    """A rung's mean loss with its 95 % interval, and how far it is behind the best."""

    loss: float
    lower: float
    upper: float
    behind: float
    standard_error: float

    @property
    def is_close(self) -> bool:
        """Whether it is within one standard error of the best."""
        return self.behind <= self.standard_error


def measure_rungs(nights: LossSums, groups: LossSums | None = None) -> tuple[Rung, ...]:
    """Every rung against the best. Of nights and groups the wider interval counts."""
    best = int(np.argmin(nights.losses.sum(axis=0)))
    units = [nights] if groups is None else [nights, groups]
    return tuple(_measure(units, rung, best) for rung in range(nights.losses.shape[1]))


def choose_rung(rungs: Sequence[Rung]) -> int:
    """The first rung, simplest first, that is within one standard error of the best."""
    return next(place for place, rung in enumerate(rungs) if rung.is_close)


def _measure(units: Sequence[LossSums], rung: int, best: int) -> Rung:
    alone = [_paired(unit, np.zeros(len(unit.rows)), unit.losses[:, rung]) for unit in units]
    paired = [_paired(unit, unit.losses[:, best], unit.losses[:, rung]) for unit in units]
    return Rung(
        loss=alone[0].gain,
        lower=min(one.lower(_CONFIDENCE) for one in alone),
        upper=max(one.upper(_CONFIDENCE) for one in alone),
        behind=paired[0].gain,
        standard_error=max(one.standard_error for one in paired),
    )


def _paired(unit: LossSums, challenger: Floats, rival: Floats) -> PairedNights:
    return PairedNights(rows=unit.rows, challenger=challenger, rival=rival)
