"""Why a model said what it said of one row, as data to be told. Nothing of it is stored.

Explaining is `tasks.engine.explain`. Sensitive columns stay out of it: of their features only the
sum of what they contribute is told.
"""

from typing import Literal, NamedTuple

from schemas.period import AsOf
from schemas.record import Value

How = Literal["tree paths", "switched"]


class Contribution(Value):
    """What one feature moves the prediction by, and the columns that it is made of."""

    feature: str
    value: str
    columns: tuple[str, ...]
    contribution: float
    typical: str | None = None
    """The value that it was switched to, where that is how it was measured."""


class Stage(Value):
    """A column's value at one point of its way from the file to the batch."""

    at: str
    value: str


class ColumnPath(Value):
    """A column's way: as delivered, after each cleaning step that changed it, as stored."""

    column: str
    stages: tuple[Stage, ...]
    features: tuple[str, ...]


class RecordedPrediction(Value):
    """What was predicted of the row that night, by whom, and for which batch."""

    version: str
    prediction: float
    """Of a multiclass task the probability of `class_name`."""
    same_batch: bool
    class_name: str = ""


class ClassChance(NamedTuple):
    """One class of a multiclass task and its probability."""

    name: str
    probability: float


class Explained(Value):
    """One row of a stored batch, explained by the model that scored it that night.

    By "tree paths" the contributions and the `base` add up to `margin`, which is the prediction in
    the model's own unit (log-odds of a binary task). By "switched" each is what the prediction
    loses when the feature alone is set to its training median; those add up to nothing.
    """

    project: str
    key: str
    as_of: AsOf
    batch: str
    version: str
    is_champion: bool
    task: str
    prediction: float
    recorded: RecordedPrediction | None
    how: How
    unit: str
    base: float | None
    margin: float | None
    contributions: tuple[Contribution, ...]
    hidden: int
    """Features of sensitive columns, and of steps that do not say what they read."""
    hidden_contribution: float
    paths: tuple[ColumnPath, ...]
    delivered: str
    """Why the row as it was delivered cannot be shown; "" where it is."""
    chances: tuple[ClassChance, ...] = ()
    """Of a multiclass task, the likeliest first: `prediction` is its probability."""
