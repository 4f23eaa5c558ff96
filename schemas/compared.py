"""Two versions of a project side by side, as data to be told. Nothing of it is stored.

Comparing is `tasks.engine.compare`.
"""

from schemas.examination import FeatureGain
from schemas.period import AsOf
from schemas.record import Value


class Side(Value):
    """One version: what it was fitted on, and which labelled nights it has not seen."""

    version: str
    as_of: AsOf
    rows: int
    nights: int
    first_night: AsOf
    last_night: AsOf
    unseen: tuple[AsOf, ...]
    metrics: dict[str, float] = {}
    """On the nights that neither has seen."""


class NightOfBoth(Value):
    """Loss sums of one night that neither was trained on."""

    as_of: AsOf
    rows: int
    one: float
    other: float

    @property
    def gain(self) -> float:
        """Mean loss of a row that the other saves; negative where it loses more."""
        return (self.one - self.other) / self.rows


class Gain(Value):
    """Mean loss of a row that the other saves, with its 95 % interval by t over nights."""

    gain: float
    lower: float
    upper: float


class Difference(Value):
    """Something in which two versions differ; None where one has no such thing."""

    what: str
    one: str | None
    other: str | None


class GainsOfBoth(Value):
    """What a feature gains in either, where it was measured."""

    feature: str
    one: FeatureGain | None
    other: FeatureGain | None


class Compared(Value):
    """Two versions. `gain` is there from two nights on that neither was trained on."""

    project: str
    task: str
    one: Side
    other: Side
    nights: tuple[NightOfBoth, ...]
    gain: Gain | None
    recipe: tuple[Difference, ...]
    data: tuple[Difference, ...]
    software: tuple[Difference, ...]
    gains: tuple[GainsOfBoth, ...]
    gains_of: tuple[str | None, str | None]
    """Keys of the judgements whose examinations these gains are of."""
