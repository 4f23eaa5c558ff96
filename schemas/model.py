"""The card of a stored model version: lineage, members, reference, numbers.

Training and publishing are `tasks.engine.train` and `tasks.engine.publish`.
"""

from typing import Any, ClassVar, NamedTuple

from schemas.monitoring import NightLoss
from schemas.period import AsOf
from schemas.record import ObjectRef, Record, Value


class TrainedNight(NamedTuple):
    """One night of a training set: the revisions of its batch and its labels, and their ids."""

    night: AsOf
    batch: int
    batch_id: str
    labels: int
    labels_id: str


class TrainedOn(Value):
    """A training set in full, stored as an object of its own: a card is read far more often."""

    nights: tuple[TrainedNight, ...]


class Fit(Value):
    """One fitted model with its feature state. Its id is that of all that shaped it."""

    id: str
    training_set: str
    first_night: AsOf
    last_night: AsOf
    cut: AsOf
    nights: int
    rows: int
    rounds: int
    prior: float
    model: ObjectRef
    features: ObjectRef
    without_groups: str | None = None
    """The column of whose groups a held-out fifth is unknown to it; a served fit knows all rows."""
    trained_on: ObjectRef | None = None
    """The `TrainedOn` of a published fit; driftloop's first versions stored none."""
    classes: tuple[str, ...] = ()
    """Of a multiclass task those that its training rows had: the columns of its predictions."""
    rates: tuple[float, ...] = ()
    """The share of training rows of each of them; `prior` is the largest."""


class Card(Record):
    """A model version. The champion served is the mean of its members (one, today)."""

    kind: ClassVar[str] = "card"

    project: str
    about: str = ""
    """The question that it answers; cards of driftloop's first versions do not say."""
    version: str
    as_of: AsOf
    retrain: str
    recipe: dict[str, Any]
    recipe_digest: str
    contract: str
    described: ObjectRef | None = None
    """The contract itself as JSON; driftloop's first versions stored its digest alone."""
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
