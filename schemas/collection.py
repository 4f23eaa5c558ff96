"""The record of one collection: which objects were deleted because nothing needs them, and why.

It is committed before the first deletion. What may be deleted is `tasks.engine.retention`.
"""

from typing import ClassVar, Literal

from schemas.period import AsOf
from schemas.record import Record, Value

Why = Literal["unnamed", "expired"]


class Collected(Value):
    """One object: named by no record, or only by these, which lay outside of the retention."""

    key: str
    bytes: int
    why: Why
    named_by: tuple[str, ...] = ()


class Collection(Record):
    """What one run deleted, or a part of it. `newest` is the night that retention counted from."""

    kind: ClassVar[str] = "collection"

    project: str
    number: int
    newest: AsOf | None
    retention_nights: int | None
    retention_champions: int
    objects: tuple[Collected, ...]
