"""The record of one erasure: a person's rows taken out of the stored nights by their key.

It is committed first, as the intent: a run that was killed is carried on from it. It holds no key,
only salted digests, by which later deliveries of the same rows are recognised and left out.
"""

from typing import ClassVar

from schemas.period import AsOf
from schemas.record import Record, Value


class Erased(Value):
    """One object that held such rows (or showed them), and is deleted. `rows` is 0 for a page."""

    key: str
    bytes: int
    rows: int


class Erasure(Record):
    """Who asked, which nights held the rows, which models know them, what is deleted for it.

    `keys` are sha256 of the salt and a key; all erasures of a project share one salt.
    """

    kind: ClassVar[str] = "erasure"

    project: str
    number: int
    salt: str
    keys: tuple[str, ...]
    nights: tuple[AsOf, ...]
    rows: int
    """Rows of the newest batches that are taken out, quarantined ones included."""
    objects: tuple[Erased, ...]
    versions: tuple[str, ...]
    """Model versions whose training nights include one of these rows."""
    reason: str
    actor: str
    """Who it claims to be from; nothing proves it."""
