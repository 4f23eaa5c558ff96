"""The card of a stored model version: lineage, members, reference, numbers.

Training and publishing are `tasks.engine.train` and `tasks.engine.publish`.
"""

from datetime import date
from typing import Any, ClassVar

from schemas.monitoring import NightLoss
from schemas.record import ObjectRef, Record, Value


class Fit(Value):
    """One fitted model with its feature state. Its id is that of all that shaped it."""

    id: str
    training_set: str
    first_night: date
    last_night: date
    cut: date
    nights: int
    rows: int
    rounds: int
    prior: float
    model: ObjectRef
    features: ObjectRef


class Card(Record):
    """A model version. The champion served is the mean of its members (one, today)."""

    kind: ClassVar[str] = "card"

    project: str
    version: str
    as_of: date
    retrain: str
    recipe: dict[str, Any]
    recipe_digest: str
    contract: str
    task: str
    target: str
    members: tuple[Fit, ...]
    stand_in: tuple[Fit, ...]
    judgement: str
    agreement: float
    reference: ObjectRef
    reference_sample: ObjectRef
    quality_null: tuple[NightLoss, ...]
    libraries: dict[str, str]
    source: str
