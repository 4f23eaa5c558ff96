"""What must hold at the end of a hard year. Each check tells what it found wrong, or nothing."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from benchmarks.year.plan import FIRST, Year
from benchmarks.year.work import PROJECT
from flows.find import find_project
from schemas.batch import Batch
from schemas.delivery import Delivery
from schemas.night import Night
from tasks.engine.replay.reproduce import reproduce
from tasks.sources.places import describe
from tasks.store import Store
from tasks.store.ledger import entries
from tasks.store.verify import verify
from tasks.telling.nights import tell_night

STATES = {
    *("Nothing due", "Retrain due", "Batch refused", "Data fault", "No data", "No data yet"),
    *("History", "Late revision", "Frozen", "One class only", "No champion yet", "Undecided"),
    *("Change refused", "Change pending", "No new data", "Budget spent", "Breaker open"),
    "Champion cannot score",
}
SAME = ("batches", "labels", "predictions", "judgements", "models", "ledger")
"""Folders that must hold the same bytes as a calm year's."""


def check_year(
    store: Store,
    year: Year,
    landing: Path,
    received: Sequence[tuple[str, str]],
    struck: Collection[date] = (),
) -> Iterator[str]:
    """Everything that is not as it should be."""
    yield from (f"verify: {f.state} {f.key}: {f.detail}" for f in verify(store, PROJECT))
    yield from _check_nights(store, year)
    yield from _check_ledger(store)
    yield from _check_history(store)
    yield from _check_deliveries(store, year, landing)
    yield from _check_alerts(store)
    yield from _check_repeats(received, struck)


def check_same(store: Store, calm: Mapping[str, bytes]) -> Iterator[str]:
    """Where the records differ from those of the same year without a kill or a fault."""
    mine = content(store)
    for key in sorted(mine.keys() ^ calm.keys()):
        yield f"{key}: only in the {'hard' if key in mine else 'calm'} year"
    for key in sorted(mine.keys() & calm.keys()):
        if mine[key] != calm[key]:
            yield f"{key}: other bytes than in the calm year"


def content(store: Store) -> dict[str, bytes]:
    """The records that a calm year must share, by key; of nights the keys alone."""
    found = [key for name in SAME for key in store.backend.keys(f"{name}/")]
    nights = dict.fromkeys(store.backend.keys("nights/"), b"")  # they name reports with random ids
    return {key: store.backend.read(key) for key in found} | nights


def _check_nights(store: Store, year: Year) -> Iterator[str]:
    """Every night has its record, and a state with a name."""
    records = [(place.as_of, key) for place, key in store.places("nights", PROJECT)]
    there = {as_of for as_of, _ in records}
    night = FIRST
    while night <= year.last:
        if night not in there:
            yield f"night {night}: no record"
        night += timedelta(days=1)
    for _, key in records:
        state = store.record(key, Night).decision.state
        if state not in STATES:
            yield f"{key}: unnamed state {state!r}"


def _check_ledger(store: Store) -> Iterator[str]:
    """Nothing is decided twice."""
    made = Counter(entry.operation for entry in entries(store, PROJECT))
    yield from (f"ledger: operation {one} stands {n} times" for one, n in made.items() if n > 1)
    judged = Counter(entry.judgement for entry in entries(store, PROJECT) if entry.judgement)
    yield from (f"ledger: {one} was promoted {n} times" for one, n in judged.items() if n > 1)


def _check_history(store: Store) -> Iterator[str]:
    """Decisions follow from what is recorded, night after night, in one chain."""
    found = reproduce(store, find_project(PROJECT))
    yield from (f"replay: {difference}" for difference in found.differences)


def _check_deliveries(store: Store, year: Year, landing: Path) -> Iterator[str]:
    """The newest batch was made of what lies in the landing zone at the end, row for row."""
    night = FIRST
    while night <= year.last:
        path = landing / "flights" / f"{night}.csv.gz"
        newest = store.revisions("batches", PROJECT, night)
        batch = store.record(newest[-1], Batch) if newest else None
        if batch is None:
            yield f"{night}: no batch"
        else:
            sha256 = describe(path.name, path.read_bytes()).sha256
            if sha256 not in {file.sha256 for file in batch.files}:
                yield f"{night}: the delivered file is not what the newest batch was made of"
            counts = batch.counts
            if counts.read != counts.kept + counts.quarantined + counts.deduplicated:
                yield f"{night}: {counts.read} rows read, not all accounted for"
        night += timedelta(days=1)


def _check_alerts(store: Store) -> Iterator[str]:
    """Each alert of a night was delivered, is noted once, and `why` of its night says it."""
    rounds = [store.record(key, Delivery) for _, key in store.places("alerts", PROJECT)]
    told = Counter(
        message.identity for one in rounds for message in one.messages if message.is_delivered
    )
    yield from (f"alert {one}: delivered {n} times" for one, n in told.items() if n > 1)
    for _, key in store.places("nights", PROJECT):
        night = store.record(key, Night)
        why = " ".join(line.text for line in tell_night(store, key))
        for alert in night.decision.alerts:
            if (key, alert.kind, alert.subject) not in told and night.as_of >= _first_told(rounds):
                yield f"{key}: the alert {alert.kind} {alert.subject} reached nobody"
            if alert.sentence not in why:
                yield f"{key}: why does not explain the alert {alert.kind} {alert.subject}"


def _first_told(rounds: list[Delivery]) -> date:
    return min((one.as_of for one in rounds), default=date.max)


def _check_repeats(received: Sequence[tuple[str, str]], struck: Collection[date]) -> Iterator[str]:
    """A message comes twice only when its run was struck between sending and noting it."""
    for title, times in Counter(title for title, _ in received).items():
        found = re.search(r"\d{4}-\d{2}-\d{2}", title)
        night = date.fromisoformat(found[0]) if found else FIRST
        is_excused = any(night <= one <= night + timedelta(days=3) for one in struck)
        if times > 1 and not is_excused:
            yield f"received {times} times without a strike: {title}"
