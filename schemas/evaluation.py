"""What a challenger and its rival are worth on the gate nights: metrics with what they vary by.

It is part of a judgement's record. The numbers come from `tasks.core.evaluation`; confidence
limits are `tasks.core.jackknife`, verdicts `tasks.gates`.
"""

from typing import Literal

from schemas.costs import Costs
from schemas.record import Value

TIME_OF_DAY = "time of day"
"""The column, so to speak, of the slices that every project has."""


class Spread(Value):
    """A standard error, and how many nights or bundles of held-out groups it is taken over."""

    over: Literal["nights", "groups"]
    units: int
    error: float


class Measure(Value):
    """A number with its standard errors; none where fewer than three units tell it."""

    value: float
    spreads: tuple[Spread, ...] = ()


class Compared(Value):
    """One metric of both models. `gain` is how much better the challenger is: below 0, worse."""

    metric: str
    challenger: Measure
    rival: Measure | None = None
    gain: Measure | None = None


class CalibrationBin(Value):
    """Rows of like scores: their mean score, their share of positives and its standard error."""

    rows: int
    predicted: float
    observed: float
    error: float | None = None


class Slice(Value):
    """The rows that have this word in this column.

    `word` is None for all words beyond the most frequent ones.
    """

    column: str
    word: str | None
    rows: int
    nights: int
    metrics: tuple[Compared, ...]

    @property
    def is_declared(self) -> bool:
        """Whether the project asks for it; the time of day is looked at anyway, and told alone."""
        return self.column != TIME_OF_DAY


class ScoreSummary(Value):
    """How the challenger's scores lie, whatever came true."""

    identical: float
    """Share of the most frequent score."""
    outside: float
    """Share outside of what a target can be (`tasks.core.scores`)."""
    moved: float | None = None
    """Total variation between its scores and the rival's on the same rows, 0 to 1."""


class Evaluation(Value):
    """Over all gate nights; `rows` are fewer than judged where these are very many."""

    rows: int
    nights: int
    threshold: float | None
    metrics: tuple[Compared, ...]
    scores: ScoreSummary
    calibration: tuple[CalibrationBin, ...] = ()
    slices: tuple[Slice, ...] = ()
    notes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    """Of a multiclass task; it has metrics such as `recall:<class>` as well."""
    costs: Costs | None = None
    capacity: int | None = None
    confusion: tuple[tuple[int, ...], ...] = ()
    """Rows of each class in this order, by the class that the challenger says they are of."""

    def find(self, metric: str) -> Compared | None:
        """That metric, if it exists on these nights."""
        return next((one for one in self.metrics if one.metric == metric), None)
