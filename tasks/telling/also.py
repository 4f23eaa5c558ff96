"""What a night's run did to other nights: late deliveries, decisions that were left undone.

The night itself in words is `tasks.telling.nights`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from schemas.night import Night
from tasks.engine.reconcile import entry_for, find_undone, judgements_for
from tasks.engine.standing import newest_night, walk_back
from tasks.store import Store
from tasks.telling.nights import next_command
from tasks.telling.probation import roll_back_of


@dataclass(frozen=True)
class Before:
    """Where a project stood before a run: its newest record, the decision that was left undone."""

    seq: int
    undone: str | None


@dataclass(frozen=True)
class Also:
    """Another night, what its record is now, and what this run did to it."""

    night: date
    key: str
    text: str


def stand_before(store: Store, project: str) -> Before:
    """To be asked before the run, for `find_others`."""
    newest, undone = newest_night(store, project), find_undone(store, project)
    return Before(newest[1].seq if newest else 0, undone.night_key if undone else None)


def find_others(store: Store, project: str, before: Before, own: str) -> tuple[Also, ...]:
    """Nights other than that of the record `own` which were recorded or decided since, in order."""
    made = takewhile(lambda item: item[1].seq > before.seq, walk_back(store, project))
    found = {key: (night, True) for key, night in reversed(list(made))}
    if before.undone:
        found.setdefault(before.undone, (store.record(before.undone, Night), False))
    return tuple(
        Also(night.as_of, key, "; ".join(_parts(store, key, night, is_new)))
        for key, (night, is_new) in sorted(found.items(), key=lambda item: item[1][0].seq)
        if key != own
    )


def _parts(store: Store, key: str, night: Night, is_new: bool) -> Iterator[str]:
    if not is_new:
        yield "its decision was left undone"
    elif night.evidence.data == "accepted":
        yield _rows(store, key, night)
    done = tuple(_done(store, key, night))
    yield from done or (night.decision.sentence.rstrip("."),)
    if is_new:
        for alert in night.decision.alerts:
            yield f"alert: {alert.sentence} Next: {next_command(night, alert)}"


def _rows(store: Store, key: str, night: Night) -> str:
    rows, revisions = night.evidence.rows, store.revisions("nights", night.project, night.as_of)
    earlier = revisions[: revisions.index(key)]
    if not earlier:
        return f"{rows:,} rows kept"
    known = store.record(earlier[-1], Night).evidence
    was = known.rows if known.data == "accepted" else 0
    return f"{rows:,} rows now kept, {was:,} before" if was != rows else f"{rows:,} rows kept"


def _done(store: Store, key: str, night: Night) -> Iterator[str]:
    """What became of its decision: a roll-back, a promotion, or why there is none."""
    back = roll_back_of(store, night)
    if back:
        yield f"rolled back to {back.version} (ledger {back.seq})"
    for judgement_key, judgement in judgements_for(store, night.project, key):
        entry = entry_for(store, night.project, judgement_key)
        if entry:
            yield f"promoted {entry.version} (ledger {entry.seq})"
        else:
            yield f"retrain: {judgement.sentence.rstrip('.')}"
