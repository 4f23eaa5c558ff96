"""Where a model, a night or predictions come from and what became of them, as data to be told.

Nothing of it is stored: `tasks.engine.lineage` collects it from the records.
"""

from typing import Literal

from schemas.batch import SourceFile
from schemas.ledger import Action, BadNight
from schemas.period import AsOf
from schemas.record import Value

Role = Literal["served", "stand-in", "pruned", "gate"]


class Revision(Value):
    """One batch or labels record with the files that it was read from."""

    key: str
    id: str
    rows: int
    files: tuple[SourceFile, ...]
    newest: bool
    """Whether no later revision followed."""


class NightUsed(Value):
    """One night as a model saw it; `bad` if a person marked it so since."""

    night: AsOf
    bad: bool
    batch: Revision
    labels: Revision


class FitLineage(Value):
    """One fitted model of a version. Without `trained_on`, `gap` says why it cannot be named."""

    role: Role
    id: str
    training_set: str
    first_night: AsOf
    last_night: AsOf
    nights: int
    rows: int
    parts: int | None = None
    trained_on: tuple[NightUsed, ...] | None
    gap: str = ""


class Move(Value):
    """A ledger entry that put a version in service."""

    seq: int
    as_of: AsOf
    action: Action
    version: str
    actor: str
    reason: str


class ModelLineage(Value):
    """A model version, down to the files that it came from, and the nights that it scored."""

    project: str
    version: str
    card: str
    as_of: AsOf
    judgement: str | None
    """Key of the record that let it pass; a person's override has none."""
    gate: tuple[AsOf, ...]
    fits: tuple[FitLineage, ...]
    moves: tuple[Move, ...]
    scored: tuple[AsOf, ...]


class Use(Value):
    """How a model version knows a night, and by which revisions where that is recorded."""

    role: Role
    batch: str | None = None
    labels: str | None = None
    gap: str = ""


class ModelUse(Value):
    """A model version that knows a night, and what became of it."""

    version: str
    uses: tuple[Use, ...]
    moves: tuple[Move, ...]
    scored: tuple[AsOf, ...]


class ScoredNight(Value):
    """One record of predictions, and the batch revision that it scored."""

    key: str
    night: AsOf
    version: str
    sha256: str
    batch: Revision | None
    files: tuple[SourceFile, ...] = ()
    """Of rows that were predicted ahead, which belong to no batch."""


class NightLineage(Value):
    """A night: its deliveries, who scored it, and every model that knows it."""

    project: str
    night: AsOf
    bad: BadNight | None
    batches: tuple[Revision, ...]
    labels: tuple[Revision, ...]
    predictions: tuple[ScoredNight, ...]
    models: tuple[ModelUse, ...]


class PredictionsLineage(Value):
    """Stored predictions of one content, newest record last, and the model that made them."""

    project: str
    sha256: str
    records: tuple[ScoredNight, ...]
    model: ModelLineage
