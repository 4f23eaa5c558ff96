"""The record of one night's validated rows: what was read, kept, set aside, and why.

How a batch comes about is `tasks.engine.ingest`.
"""

from typing import ClassVar, Literal

from schemas.period import AsOf
from schemas.record import ObjectRef, Record, Value


class SourceFile(Value):
    """One input of a night, as it was read: its bytes are not kept, their sha256 is."""

    name: str
    sha256: str
    bytes: int


class Match(Value):
    """How many of the rows found their row in a table that was joined, and the least share.

    `columns` are those that the table gave.
    """

    name: str
    columns: tuple[str, ...] = ()
    rows: int
    matched: int
    limit: float = 0
    problem: str = ""
    """Why no row can match at all: nothing was delivered, or the rows lack a column of the join."""

    @property
    def share(self) -> float:
        """Share of the rows that matched; of none, all."""
        return self.matched / self.rows if self.rows else 1.0


class Cleaned(Value):
    """What one cleaning step did: rows before and after it, and how many of these it changed."""

    step: str
    digest: str
    before: int
    after: int
    changed: int
    examples: tuple[str, ...] = ()

    @property
    def dropped(self) -> int:
        """Rows that it took away."""
        return self.before - self.after

    @property
    def share(self) -> float:
        """Share of the rows that it changed or took away."""
        return (self.changed + self.dropped) / self.before if self.before else 0.0


class Failure(Value):
    """One broken rule of the contract, over all the rows that broke it.

    Of a sensitive column there are no examples. Early records do not say whether it is one, and
    may have some.
    """

    column: str
    check: str
    rows: int
    examples: tuple[str, ...] = ()
    meaning: str = ""
    owner: str = ""
    """What the contract says of the column, and whom to ask about it."""
    sensitive: bool | None = None


class Unusual(Value):
    """What a night has that the nights before it never had; `subject` tells two of a kind apart."""

    kind: Literal["duplicate night", "frozen column", "row count", "time gap", "cleaning"]
    subject: str
    observed: float
    limit: float
    sentence: str

    @property
    def is_fault(self) -> bool:
        """Whether such rows stay out of training until the night is delivered anew or accepted."""
        return self.kind in ("duplicate night", "frozen column")


class Counts(Value):
    """Rows are conserved: read = kept + quarantined + deduplicated + erased + dropped."""

    read: int
    kept: int
    quarantined: int
    deduplicated: int
    erased: int = 0
    """Rows of keys that a person had erased, before or since."""
    dropped: int = 0
    """Rows that declared cleaning took away."""


class ColumnProfile(Value):
    """One column of a batch in short. Quantiles: min, 5, 25, 50, 75, 95 %, max of the numbers."""

    column: str
    dtype: str
    nulls: int
    distinct: int
    quantiles: tuple[float, ...] = ()
    top: tuple[tuple[str, int], ...] = ()


class Readmission(Value):
    """What it came to that the stored rows of an earlier revision were checked once more."""

    revision: int
    readmitted: int
    """Rows that were in quarantine there and are kept here."""
    set_aside: int
    """Rows that were kept there and are in quarantine here."""


class RefusedReading(Value):
    """A later reading that was refused over joined tables alone: what was accepted before stands.

    `files` are those of that reading; a night's batch names the files that its own rows come from.
    """

    files: tuple[SourceFile, ...]
    sentence: str


class Batch(Record):
    """One night's rows. Of a refused batch all are in quarantine.

    `timezone` is the zone whose midnights bound the night.
    """

    kind: ClassVar[str] = "batch"

    project: str
    as_of: AsOf
    revision: int
    id: str
    status: Literal["accepted", "refused", "empty"]
    sentence: str
    files: tuple[SourceFile, ...]
    contract: str
    timezone: str = ""
    counts: Counts
    failures: tuple[Failure, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    cleaning: tuple[Cleaned, ...] = ()
    largest_gap_minutes: float | None = None
    """Longest stretch of the night without a row, its beginning and end included."""
    unusual: tuple[Unusual, ...] = ()
    profile: tuple[ColumnProfile, ...] = ()
    rows: ObjectRef | None = None
    quarantine: ObjectRef | None = None
    as_delivered: bool = False
    """Whether the quarantine holds what was delivered; early ones hold what could be read of it,
    and of a refused batch the broken rows alone."""
    readmission: Readmission | None = None
    """Of a revision that was made of stored rows, not of files."""
    refused_since: RefusedReading | None = None
    """Of a revision that has the rows of the one before, since a joined table went wrong."""

    @property
    def last_read(self) -> tuple[SourceFile, ...]:
        """The files as they were when the night was last read."""
        return self.refused_since.files if self.refused_since else self.files
