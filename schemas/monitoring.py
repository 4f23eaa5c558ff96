"""What monitoring measures and compares with: the drift reference, faults, losses of nights.

The rules that fill these values are in `tasks.core`: calibration, drift, faults, quality.
"""

from typing import Literal

from schemas.period import AsOf
from schemas.record import Value

ColumnKind = Literal["number", "category"]
PROVISIONAL_NIGHTS, CALIBRATED_NIGHTS = 28, 91
"""The fewest reference nights from which drift is measured, and from which it may alarm."""


class ColumnReference(Value):
    """One column over the reference nights: histogram, distances between nights, worst shares.

    Bin i of a number holds values in (edges[i-1], edges[i]]; bin i of a category is categories[i].
    `counts` has one bin more than either: what lies above the last edge, or in no known category.
    `center` and `spread` describe a reference night's distance beyond that of chance alone, which
    is `noise_mean` +- `noise_sd`, both over sqrt(non-null rows of the night). A column is
    `left_out` of drift, never of the fault limits, for the reason given there.
    """

    column: str
    kind: ColumnKind
    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    counts: tuple[int, ...]
    rows_median: float = 0.0
    center: float = 0.0
    spread: float = 0.0
    noise_mean: float = 0.0
    noise_sd: float = 0.0
    left_out: Literal["night-constant", "too few values", "label"] | None = None
    low: float | None = None
    high: float | None = None
    worst_nulls: float = 0.0
    worst_outside: float = 0.0
    worst_unseen: float = 0.0


class DriftReference(Value):
    """What nights are compared with. An insufficient one has no columns and judges nothing."""

    status: Literal["calibrated", "provisional", "insufficient"]
    nights: int
    first: AsOf | None = None
    last: AsOf | None = None
    rows_median: float = 0.0
    limit: float = 0.0
    alpha: float
    columns: tuple[ColumnReference, ...] = ()
    label: ColumnReference | None = None


class ColumnDrift(Value):
    """One column of one night. `can_alarm` is False where no distance could pass the threshold."""

    column: str
    distance: float
    threshold: float
    drifted: bool
    can_alarm: bool


class Fault(Value):
    """A share of a night's rows (or of a column's values) beyond what reference nights had.

    A duplicate night and a frozen column are faults of all rows, known before any reference is.
    """

    column: str
    kind: Literal[
        "nulls",
        "outside",
        "unseen",
        "label nulls",
        "label outside",
        "label unseen",
        "duplicate night",
        "frozen column",
    ]
    share: float
    limit: float


class NightLoss(Value):
    """Mean loss per row of one night, in the task's own loss (log loss, squared error)."""

    as_of: AsOf
    rows: int
    loss: float


class QualityPoint(Value):
    """A mature night's loss and its distance from the null, in sd of the log loss of nights."""

    as_of: AsOf
    rows: int
    loss: float
    z: float
