"""The numbers behind an alert, a line each. The words around them are `tasks.telling.alerts`."""

from collections.abc import Callable, Iterator

from schemas.batch import Batch
from schemas.contract import sensitive_names
from schemas.monitoring import ColumnDrift, Fault
from schemas.night import AlertKind, Night
from schemas.project import Project
from tasks.store import Store
from tasks.telling.nights import by_nearness, quality_sentence
from tasks.telling.reasons import reasons_of

_MOST = 8
"""Of columns and of broken rules."""


def numbers_of(
    store: Store, project: Project, night: Night, kind: AlertKind, subjects: tuple[str, ...]
) -> Iterator[str]:
    """What was measured and its limits, the worst first."""
    if kind == "refused":
        yield from _refusal(store, project, night)
    elif kind == "fault":
        yield from _faults(night, subjects)
    elif kind == "missing":
        deadline = project.deadline_of(night.as_of)
        yield f"deadline {deadline:%H:%M} ({deadline.tzinfo}) of {deadline:%Y-%m-%d}"
    else:
        yield from _OF_A_NIGHT.get(kind, _nothing)(night)


def _nothing(_: Night) -> Iterator[str]:
    yield from ()


def drifted_columns(night: Night) -> list[str]:
    """Columns that drifted, the furthest first."""
    return [column.column for column in by_nearness(night.evidence.drift.columns) if column.drifted]


def _drift(night: Night) -> Iterator[str]:
    drift, policy = night.evidence.drift, night.policy
    watched = by_nearness(drift.columns)
    drifted = [column for column in watched if column.drifted]
    for column in drifted[:_MOST]:
        times = column.distance / column.threshold
        yield f"{_distance(column)}, {times:.1f} times as far as usual nights get"
    if len(drifted) > _MOST:
        yield f"and {len(drifted) - _MOST} more columns"
    calm = [column for column in watched if not column.drifted]
    if calm:
        yield f"{len(calm)} other columns did not drift; nearest: {_distance(calm[0])}"
    yield (
        f"compared with {drift.reference_nights} nights; an alarm needs drift on "
        f"{policy.drift_needed} of {policy.drift_of} nights"
    )


def _distance(column: ColumnDrift) -> str:
    return f"{column.column}: distance {column.distance:.3f}, threshold {column.threshold:.3f}"


def _quality(night: Night) -> Iterator[str]:
    yield quality_sentence(night.evidence.quality, night.policy)
    for point in night.evidence.quality.points[-night.policy.quality_of :]:
        yield f"night {point.as_of}: loss {point.loss:.4f} on {point.rows:,} rows, z {point.z:+.1f}"


def _refusal(store: Store, project: Project, night: Night) -> Iterator[str]:
    if night.batch is None:
        return
    batch = store.record(night.batch, Batch)
    yield batch.sentence
    reasons = reasons_of(batch, sensitive_names(project.contract))
    yield from (reason.text for reason in reasons[:_MOST])
    if len(reasons) > _MOST:
        yield f"and {len(reasons) - _MOST} more broken rules"


def _faults(night: Night, subjects: tuple[str, ...]) -> Iterator[str]:
    yield from _fault_lines(night.evidence.faults, subjects, "")
    for as_of, faults in night.evidence.label_faults.items():
        yield from _fault_lines(faults, subjects, f" in the labels of night {as_of}")


def _fault_lines(faults: tuple[Fault, ...], subjects: tuple[str, ...], where: str) -> Iterator[str]:
    for fault in faults:
        if fault.column in subjects:
            kind = _FAULTS[fault.kind]
            yield (
                f"{fault.column}: {fault.share:.1%} of rows {kind}, limit {fault.limit:.1%}{where}"
            )


_FAULTS = {
    "nulls": "without a value",
    "outside": "outside of the range that the reference nights had",
    "unseen": "of categories that the reference nights did not have",
    "label nulls": "without a value",
    "label outside": "outside of the range that the reference nights had",
    "label unseen": "of values that the reference nights did not have",
    "duplicate night": "as on another night",
    "frozen column": "of one value or none",
}


def _breaker(night: Night) -> Iterator[str]:
    yield f"{night.trigger.refused_in_a_row} refusals in a row, limit {night.policy.breaker}"
    if night.evidence.judgements:
        newest = night.evidence.judgements[-1]
        yield f"the newest attempt, night {newest.as_of}: {newest.sentence}"


def _unusual(night: Night) -> Iterator[str]:
    return (f"{one.kind}: {one.sentence}" for one in night.evidence.unusual)


def _refused_since(night: Night) -> Iterator[str]:
    yield night.evidence.refused_since or ""


def _stale(night: Night) -> Iterator[str]:
    plan = night.evidence.plan
    yield (
        f"champion {night.evidence.champion}, newest training night "
        f"{night.evidence.champion_last_night}, limit {night.policy.max_age} nights"
    )
    embargo = f", {plan.embargo} are under the embargo" if plan.embargo else ""
    yield (
        f"{plan.usable:,} nights could train a new one, {plan.gate_nights} of them could judge it"
        f"{embargo}"
    )
    if plan.nights_needed:
        yield f"gates undecided: {plan.nights_needed} more labelled nights are needed"
    for judgement in night.evidence.judgements[-1:]:
        yield f"the newest attempt, night {judgement.as_of}: {judgement.sentence}"


def _labels(night: Night) -> Iterator[str]:
    quality = night.evidence.quality
    yield (
        f"newest night with complete true outcomes: {quality.latest_labels or 'none'}, "
        f"{quality.labels_behind} nights past the delay, limit {night.policy.label_alert}"
    )
    if quality.coverage is not None:
        yield f"newest scored night: {quality.coverage:.0%} of rows have one"


_OF_A_NIGHT: dict[AlertKind, Callable[[Night], Iterator[str]]] = {
    "drift": _drift,
    "quality": _quality,
    "breaker": _breaker,
    "stale": _stale,
    "labels": _labels,
    "unusual": _unusual,
    "joined": _refused_since,
}
