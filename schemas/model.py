"""The card of a stored model version: lineage, members, reference, numbers.

Training and publishing are `tasks.engine.train` and `tasks.engine.publish`.
"""

from typing import Any, ClassVar, NamedTuple

from pydantic import Field

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
    parts: int | None = None
    """Parts in which the rows went to the family, where they were too many to be held together."""
    trained_on: ObjectRef | None = None
    """The `TrainedOn` of a published fit; driftloop's first versions stored none."""
    classes: tuple[str, ...] = ()
    """Of a multiclass task those that its training rows had: the columns of its predictions."""
    rates: tuple[float, ...] = ()
    """The share of training rows of each of them; `prior` is the largest."""


class Card(Record):
    """A model version. The champion served is the mean of its members, and so is its stand-in."""

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
    # Not in the dump while there are none: cards with one training window stay as they were.
    pruned: tuple[Fit, ...] = Field(default=(), exclude_if=lambda fits: not fits)
    """Refits on the other training windows: none serves, a later challenger may be of them."""
    judgement: str
    agreement: float
    reference: ObjectRef
    reference_sample: ObjectRef
    quality_null: tuple[NightLoss, ...]
    libraries: dict[str, str]
    source: str

    @property
    def fits(self) -> tuple[Fit, ...]:
        """Every fit that the version keeps."""
        return (*self.members, *self.stand_in, *self.pruned)

    @property
    def most(self) -> tuple[int, int]:
        """Nights and rows of the largest training set among its fits: all that it knows."""
        return max(fit.nights for fit in self.fits), max(fit.rows for fit in self.fits)
