"""The record of what a team's service answered for a night's rows, by its own log.

Reading and settling the log is `tasks.engine.served`.
"""

from typing import ClassVar, Literal

from schemas.batch import SourceFile
from schemas.period import AsOf
from schemas.record import ObjectRef, Record, Value

ServedState = Literal["known", "absent", "unmatched", "refused"]


class ServedRows(Value):
    """What the log held, in numbers. Realised quality is judged on it when it is `known`.

    Otherwise our own scoring stands in. `contradictory` are keys with two predictions. `compared`
    rows were answered by the version that scored the night, for all we know; on `disagreeing` of
    them service and driftloop differ by more than the `tolerance`.
    """

    state: ServedState
    sentence: str
    tolerance: float
    read: int = 0
    kept: int = 0
    coverage: float = 0.0
    contradictory: int = 0
    invalid: int = 0
    repeated: int = 0
    unknown: int = 0
    compared: int = 0
    disagreeing: int = 0
    other_version: int = 0


class Served(Record):
    """Answers for one batch: columns (row key, prediction), and the version where it is logged."""

    kind: ClassVar[str] = "served"

    project: str
    as_of: AsOf
    revision: int
    batch: str
    files: tuple[SourceFile, ...]
    scored: str | None
    """Key of the predictions that the answers were compared with."""
    told: ServedRows
    rows: ObjectRef | None = None
