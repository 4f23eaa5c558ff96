"""What a challenger's data looked like: leak alarms, and what each feature gains.

It warns and decides nothing. The rules are `tasks.core.leaks`, `tasks.core.known_later` and
`tasks.core.gains`; it is part of a judgement's record.
"""

from typing import Literal

from schemas.memorisation import Memorisation
from schemas.record import Value

Rule = Literal[
    "single_feature", "copy_of_target", "id_like", "missingness", "known_later", "duplicates"
]


class LeakAlarm(Value):
    """A sign that features know more than they will when rows are scored."""

    rule: Rule
    column: str
    number: float
    limit: float
    sentence: str


class FeatureGain(Value):
    """Loss a row that the feature saves, with its 95 % interval over nights."""

    feature: str
    gain: float
    lower: float
    upper: float

    @property
    def is_shown(self) -> bool:
        """Whether the interval lies above zero."""
        return self.lower > 0


class Examination(Value):
    """What was looked at, and what was found. Gains are there from three gate nights on."""

    rows: int
    nights: int
    gate_rows: int
    gate_nights: int
    features: int
    alarms: tuple[LeakAlarm, ...] = ()
    gains: tuple[FeatureGain, ...] = ()
    memorisation: Memorisation | None = None
    """Not there without a gate night, and in records of driftloop's first versions."""
