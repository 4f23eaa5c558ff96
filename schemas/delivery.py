"""The record of one round of telling people: what was sent, and whether anybody got it.

What is pending is `tasks.engine.outbox`; its words, which no record keeps, are `tasks.telling`.
"""

from typing import ClassVar, Literal

from schemas.night import AlertKind
from schemas.period import AsOf
from schemas.record import Record, Value

MessageKind = Literal[AlertKind, "promotion", "rollback", "freeze", "approval", "failed"]


class Told(Value):
    """One thing to be told, and how far it got. It names no target: their addresses are secrets."""

    source: str
    """Key of the night or ledger record that it is about, or `run/<flow>/<night>`."""
    kind: MessageKind
    subject: str = ""
    accepted: int = 0
    """How many targets took the message."""
    error: str | None = None
    """The kind of the first target's error, never its text."""

    @property
    def is_delivered(self) -> bool:
        """One target is enough: whoever reads two of them is not told twice."""
        return self.accepted > 0

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes two messages the same; of a run that failed, one is enough."""
        if self.source.startswith("run/"):
            return self.source, "", ""
        return self.source, self.kind, self.subject


class Delivery(Record):
    """One round, recorded also when there was nothing to say: then the night's run came to its end.

    `as_of` is the newest committed night, so it never falls from round to round.
    """

    kind: ClassVar[str] = "delivery"

    project: str
    as_of: AsOf
    number: int
    night: str | None
    """The night record that was the newest in commit order; later ones are still to be told."""
    undone: str | None
    """The night record whose retrain had not been carried out."""
    messages: tuple[Told, ...] = ()
