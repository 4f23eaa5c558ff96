"""Upcoming rows in words: how many are predicted, where they went, or why not and what to do."""

from collections.abc import Iterator
from datetime import date

from schemas.upcoming import Upcoming
from tasks.engine.records import newest
from tasks.store import Store
from tasks.telling.line import Line
from tasks.telling.reasons import reasons_of, tell_counts


def tell_upcoming(store: Store, project: str, as_of: date) -> Iterator[Line]:
    """What came of the rows ahead as of a night; nothing where none were ever asked for."""
    found = newest(store, Upcoming, project, as_of)
    if found is None:
        return
    record = found[1]
    yield Line("upcoming", upcoming_sentence(record))
    if record.counts.kept < record.counts.read:
        yield Line("upcoming", tell_counts(record.counts))
    yield from (Line("left out", reason.text) for reason in reasons_of(record))


def upcoming_sentence(record: Upcoming) -> str:
    """One line with the exit of the state, where it needs one."""
    again = f"driftloop upcoming {record.project} --as-of {record.as_of}"
    match record.state:
        case "predicted":
            by = f"{record.sentence.removesuffix('.')}, by {record.version}"
            if record.waits:
                return f"{by}; not delivered to {record.to}: {again}"
            return f"{by}; delivered to {record.delivered.to}" if record.delivered else by
        case "no_champion":
            return f"{record.sentence} Next: driftloop status {record.project}"
        case "unscorable":
            return f"{record.sentence} Next: driftloop retrain {record.project}, or roll back"
    return f"{record.sentence} Once they are sound and there: {again}"
