"""The record of one night's scores. Scoring is `tasks.engine.score`."""

from typing import ClassVar

from schemas.period import AsOf
from schemas.record import ObjectRef, Record


class Predictions(Record):
    """Scores of one batch by one champion: columns (row key, prediction)."""

    kind: ClassVar[str] = "predictions"

    project: str
    as_of: AsOf
    revision: int
    batch: str
    version: str
    unseen: dict[str, int]
    rows: ObjectRef
