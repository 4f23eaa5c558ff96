"""A night's quarantine by reason: which rule of which column, how many rows, whom to ask.

The rows themselves are `deployments.quarantine`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.batch import Batch, Counts, Failure
from schemas.upcoming import Upcoming

_EXAMPLES = 3
NULL = "null"
"""What a missing value is called, whatever the library called it that recorded it."""
_NULLS = frozenset({"nan", "<NA>", "NaT"})
_COUNT = re.compile(r"\b\d{4,}(?= (?:of \d|rows|quarantined|deduplicated|erased|dropped))")


@dataclass(frozen=True)
class Reason:
    """One broken rule. `share` is of all rows that were read, None where none could be."""

    column: str
    rule: str
    rows: int
    share: float | None
    examples: tuple[str, ...]
    meaning: str
    owner: str
    is_hidden: bool
    """Whether its values must not be shown."""

    @property
    def of_rows(self) -> str:
        """Its share as people read it."""
        return "" if self.share is None else f"{self.share:.1%}"

    @property
    def shown(self) -> str:
        """Examples of what stood there, or why there are none."""
        return "not shown" if self.is_hidden else ", ".join(self.examples)

    @property
    def text(self) -> str:
        """All of it in one line."""
        return "".join(self._parts())

    def _parts(self) -> Iterator[str]:
        yield f"{self.column}: {self.rule}" if self.column else self.rule
        if self.rows:
            yield f", {self.rows:,} row{'s' if self.rows > 1 else ''}"
        if self.share is not None:
            yield f" ({self.of_rows})"
        if self.examples:
            such_as = ", such as" if self.rows else ":"  # of no row in particular: what was said
            yield f"{such_as} {', '.join(self.examples)}"
        if self.meaning:
            yield f"; {self.meaning}"
        if self.owner:
            yield f"; ask {self.owner}"


def reasons_of(
    batch: Batch | Upcoming, sensitive: frozenset[str] | None = None
) -> tuple[Reason, ...]:
    """The broken rules, that of most rows first.

    `sensitive` are those columns by today's contract, for whoever has it: early records do not
    say which are, so that without it none of their examples is shown.
    """
    failures = sorted(batch.failures, key=lambda failure: failure.rows, reverse=True)
    return tuple(_reason(failure, batch.counts.read, sensitive) for failure in failures)


def with_commas(sentence: str) -> str:
    """A batch's recorded sentence, its counts written as all others are.

    >>> with_commas("4999993 of 5000000 rows kept, 7 quarantined.")
    '4,999,993 of 5,000,000 rows kept, 7 quarantined.'
    """
    return _COUNT.sub(lambda count: f"{int(count[0]):,}", sentence)


def tell_counts(counts: Counts) -> str:
    """Where the rows went."""
    told = f"{counts.read:,} rows read = {counts.kept:,} kept"
    others = counts.model_dump(exclude={"read", "kept"}).items()
    return told + "".join(f" + {rows:,} {what}" for what, rows in others if rows) + "."


def without_hidden(batch: Batch, sensitive: frozenset[str] | None = None) -> Batch:
    """The record as it may be shown whole; each failure says whether its column is sensitive."""
    failures = tuple(_shown(failure, sensitive) for failure in batch.failures)
    return batch.model_copy(update={"failures": failures})


def _shown(failure: Failure, sensitive: frozenset[str] | None) -> Failure:
    hidden = _is_hidden(failure, sensitive)
    examples = () if hidden else failure.examples
    return failure.model_copy(update={"sensitive": hidden, "examples": examples})


def _reason(failure: Failure, read: int, sensitive: frozenset[str] | None) -> Reason:
    hidden = _is_hidden(failure, sensitive)
    return Reason(
        column=failure.column,
        rule=failure.check,
        rows=failure.rows,
        share=failure.rows / read if read else None,
        examples=() if hidden else tuple(map(_named, failure.examples[:_EXAMPLES])),
        meaning=failure.meaning,
        owner=failure.owner,
        is_hidden=hidden,
    )


def _named(example: str) -> str:
    return NULL if example in _NULLS else example


def _is_hidden(failure: Failure, sensitive: frozenset[str] | None) -> bool:
    if sensitive is None:
        return failure.sensitive is not False
    return bool(failure.sensitive) or failure.column in sensitive
