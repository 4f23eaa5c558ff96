"""One ledger entry, and the standing that a project's entries add up to.

Appending, reading and folding entries is `tasks.store.ledger`.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.names import Name
from schemas.period import AsOf
from schemas.record import Record, Value, digest_of

Action = Literal[
    "promote", "rollback", "freeze", "unfreeze", "ack", "accept", "mark-bad", "unmark-bad"
]
_OF_A_NIGHT = ("accept", "mark-bad", "unmark-bad")


class Serving(Value):
    """Who serves once an entry is there: what its readers need without the entries before it."""

    champion: str | None
    champion_seq: int | None
    """The slot that put the champion in service."""
    frozen: bool
    frozen_reason: str | None


class Entry(Record):
    """What was decided, in the one slot it was decided for.

    It holds no clock: equal histories give equal bytes.
    """

    kind: ClassVar[str] = "ledger"

    project: Name
    seq: int = Field(ge=1)
    previous: str | None
    """Digest of the entry before; None in slot 1."""
    action: Action
    as_of: AsOf
    """The newest committed night when it was written; it never falls along the ledger."""
    version: str | None = None
    """Promote and rollback: the champion from now on."""
    night: AsOf | None = None
    """The faulty night that counts from now on, or the night that is marked bad or no longer."""
    judgement: str | None = None
    """Key of the judgement record that it acts on."""
    judgement_digest: str | None = None
    reason: str
    actor: str
    """Who it claims to be from; nothing proves it."""
    operation: str
    """The operation's id: a re-run finds its own entry by it."""
    leads_to: Serving | None = None
    """Checked by whoever folds the ledger; entries of driftloop's first stores have none."""

    @model_validator(mode="after")
    def _carries_what_its_action_needs(self) -> Self:
        if (self.version is not None) != (self.action in ("promote", "rollback")):
            raise ValueError(
                f"{self.action}: promote and rollback name a version, nothing else does"
            )
        if (self.night is not None) != (self.action in _OF_A_NIGHT):
            raise ValueError(f"{self.action}: {', '.join(_OF_A_NIGHT)} name a night, others do not")
        if (self.previous is None) != (self.seq == 1):
            raise ValueError(f"slot {self.seq}: every entry but the first names the one before")
        return self


class BadNight(Value):
    """A night that a person marked bad, and the ledger entry by which it was."""

    night: AsOf
    seq: int
    reason: str
    actor: str


class Standing(Value):
    """What a project's ledger adds up to: who serves, and whether anything may change that."""

    champion: str | None = None
    champion_seq: int | None = None
    """The slot that put the champion in service."""
    previous_champions: tuple[str, ...] = ()
    """Where a rollback can go, newest first; a rollback drops what it leaves behind."""
    frozen: bool = False
    frozen_reason: str | None = None
    accepted: tuple[AsOf, ...] = ()
    """Faulty nights that a person accepted, in order."""
    bad: tuple[BadNight, ...] = ()
    """Nights that a person marked bad and nobody took back, in order."""
    last_ack_seq: int | None = None
    seq: int = 0
    """The newest slot; 0 for an empty ledger."""
    head_digest: str | None = None
    as_of: AsOf | None = None
    """The newest entry's as_of."""

    @property
    def bad_nights(self) -> frozenset[date]:
        """The nights that are marked bad."""
        return frozenset(one.night for one in self.bad)

    def marked(self, night: date) -> BadNight | None:
        """Who marked the night bad and why, if it is."""
        return next((one for one in self.bad if one.night == night), None)

    def left_out(self, faulty: Iterable[date]) -> frozenset[date]:
        """Nights that neither train nor judge: open faults nobody accepted, and bad nights."""
        return (frozenset(faulty) - frozenset(self.accepted)) | self.bad_nights

    @property
    def serving(self) -> Serving:
        """The part that an entry carries along."""
        return Serving.model_validate(self.model_dump())


def operation_id(judged_seq: int, action: Action, version: str | None, night: date | None) -> str:
    """The id of one decision on one head: doing it again is the same operation.

    >>> operation_id(3, "freeze", None, None) == operation_id(3, "freeze", None, None)
    True
    """
    return digest_of([judged_seq, action, version, night and night.isoformat()])
