"""Live nights as the page shows them: one fact a night out of all of its records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from deployments.demo.facts import Mark, NightFact, RetrainFact, Revision, SimulatedFact
from schemas.batch import Batch
from schemas.monitoring import ColumnDrift
from schemas.night import Night
from schemas.predictions import Predictions
from tasks.store import Store

_ALARMS = ("drift", "quality")
_STATES: dict[str, Mark] = {
    "Nothing due": "nothing due",
    "Batch refused": "batch refused",
    "Data fault": "fault",
}


def night_facts(
    store: Store,
    live: Sequence[Night],
    retrains: Sequence[RetrainFact],
    losses: Mapping[date, float],
    simulated: Sequence[SimulatedFact],
) -> tuple[NightFact, ...]:
    """Each night's fact, in order of nights. `live` are records in commit order."""
    by_night: dict[date, list[Night]] = defaultdict(list)
    for record in live:
        by_night[record.as_of].append(record)
    ended = {retrain.as_of: retrain.outcome for retrain in retrains}
    return tuple(
        _fact(store, by_night[night], ended.get(night), losses.get(night), simulated)
        for night in sorted(by_night)
    )


def _fact(
    store: Store,
    records: Sequence[Night],
    ended: Mark | None,
    loss: float | None,
    simulated: Sequence[SimulatedFact],
) -> NightFact:
    night = records[-1]
    batch = store.record(night.batch, Batch) if night.batch else None
    counts = batch.counts if batch else None
    alerts = [alert for record in records for alert in record.decision.alerts]
    cause = night.decision.cause
    return NightFact(
        as_of=night.as_of,
        revisions=tuple(_revision(store, record) for record in records),
        mark=_mark(night, ended),
        read=counts.read if counts else 0,
        kept=counts.kept if counts else 0,
        quarantined=counts.quarantined if counts else 0,
        deduplicated=counts.deduplicated if counts else 0,
        version=store.record(night.predictions, Predictions).version if night.predictions else None,
        loss=loss,
        drifted=tuple(c.column for c in night.evidence.drift.columns if c.drifted),
        nearness={c.column: _nearness(c) for c in night.evidence.drift.columns},
        faults=tuple(_told_faults(night)),
        cause=f"{cause.kind} {cause.subject}".strip() if cause else None,
        alarms=tuple(alert.subject for alert in alerts if alert.kind in _ALARMS),
        alerts=tuple(f"{alert.sentence} Next: {alert.next_step}" for alert in alerts),
        simulated=tuple(event.sentence for event in simulated if event.covers(night.as_of)),
    )


def _revision(store: Store, night: Night) -> Revision:
    told = store.record(night.batch, Batch).sentence if night.batch else "No data."
    decision = night.decision
    return Revision(night.revision, night.evidence.data, told, decision.state, decision.sentence)


def _mark(night: Night, ended: Mark | None) -> Mark:
    if night.decision.action == "retrain":
        return ended or "other"
    return _STATES.get(night.decision.state, "other")


def _nearness(column: ColumnDrift) -> float | None:
    """Distance as a share of the threshold."""
    return column.distance / column.threshold if column.can_alarm else None


def _told_faults(night: Night) -> Iterable[str]:
    for fault in night.evidence.faults:
        yield f"{fault.column}: {fault.kind} {fault.share:.1%} of rows, limit {fault.limit:.1%}"
