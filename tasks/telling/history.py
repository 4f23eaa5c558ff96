"""What came of nights that were loaded as history, in words: how many, and which need a look.

Loading them is `tasks.engine.history`; one night in words is `tasks.telling.nights`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.batch import Batch
from schemas.night import Night
from schemas.period import periods
from tasks.engine.standing import night_of
from tasks.store import Store
from tasks.telling.line import Line


@dataclass(frozen=True)
class Odd:
    """Nights that need a look, and what is wrong with the first of them."""

    nights: tuple[date, ...]
    reason: str

    def __str__(self) -> str:
        """All of it in one line."""
        many = "s" if len(self.nights) > 1 else ""
        why = f": {self.reason}" if self.reason else ""
        return f"{len(self.nights)} night{many}, the first {self.nights[0]}{why}"


@dataclass(frozen=True)
class History:
    """The records of a stretch of nights; `before` of them were there before this run."""

    project: str
    total: int
    before: int
    refused: Odd | None
    faulty: Odd | None
    no_data: Odd | None

    @property
    def headline(self) -> str:
        """How many nights are there, and how many were there before."""
        told = f"{self.project}: {self.total} nights of history"
        if self.before == self.total:
            return f"{told}, all of them loaded before"
        return f"{told}, {self.before} of them loaded before" if self.before else told

    def lines(self) -> Iterator[Line]:
        """A line for each kind of night that needs a look."""
        kinds = (("refused", self.refused), ("faulty", self.faulty), ("no data", self.no_data))
        return (Line(step, str(odd)) for step, odd in kinds if odd)

    @property
    def next(self) -> str:
        """What to type next."""
        train = f"driftloop retrain {self.project}"
        first = min((odd.nights[0] for odd in (self.refused, self.faulty) if odd), default=None)
        return f"driftloop why {self.project} {first}, then {train}" if first else train


def read_history(
    store: Store, project: str, first: date, last: date, made: Sequence[str]
) -> History:
    """The nights from first to last as they are recorded; `made` are the records of this run."""
    found = [night_of(store, project, night) for night in periods(first, last)]
    records = [record for _, record in filter(None, found)]
    refused = [night for night in records if night.evidence.data == "refused"]
    faulty = [night for night in records if night.evidence.faults]
    no_data = [night for night in records if night.evidence.data in ("no_data", "no_data_yet")]
    return History(
        project=project,
        total=len(records),
        before=len(records) - len(made),
        refused=_odd(refused, _refusal(store, refused[0])) if refused else None,
        faulty=_odd(faulty, _faults(faulty[0])) if faulty else None,
        no_data=_odd(no_data, "") if no_data else None,
    )


def _odd(records: Sequence[Night], reason: str) -> Odd:
    return Odd(tuple(night.as_of for night in records), reason)


def _refusal(store: Store, night: Night) -> str:
    return store.record(night.batch, Batch).sentence if night.batch else ""


def _faults(night: Night) -> str:
    told = [one.sentence for one in night.evidence.unusual if one.is_fault]
    return told[0] if told else f"{night.evidence.faults[0].column}"
