"""The record of one night's labels. Reading them is `tasks.engine.labels`."""

from typing import ClassVar

from schemas.batch import Failure, SourceFile
from schemas.period import AsOf
from schemas.record import ObjectRef, Record


class Labels(Record):
    """One night's labels by row key. Contradictory keys (two values for a row) are left out."""

    kind: ClassVar[str] = "labels"

    project: str
    as_of: AsOf
    revision: int
    id: str
    known: AsOf | None = None
    """The night whose run read them; None where they were loaded with history."""
    batch: str
    """Id of the batch whose rows they are for."""
    files: tuple[SourceFile, ...]
    read: int
    kept: int
    contradictory: int
    invalid: int
    repeated: int
    unknown: int = 0
    """Labels of keys that no row of the night has."""
    failures: tuple[Failure, ...] = ()
    """The rules that invalid labels broke."""
    target_min: float | None
    target_max: float | None
    classes: dict[str, int] | None = None
    """Of a multiclass task the rows of each class that has any; it has no least label."""
    rows: ObjectRef
