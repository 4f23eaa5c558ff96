"""Alerts of a night in words for somebody who has never seen the project.

Each says what happened, what that means, the numbers (`tasks.telling.alert_numbers`), what became
of the night, what to type. Which alerts there are is `tasks.core.alarms`.
"""

from collections.abc import Iterator

from schemas.monitoring import Fault
from schemas.night import Alert, AlertKind, Night
from schemas.project import Project
from tasks.engine.posting import Tone
from tasks.engine.reconcile import entry_for, judgements_for
from tasks.store import Store
from tasks.telling.alert_numbers import drifted_columns, numbers_of
from tasks.telling.content import Content
from tasks.telling.nights import next_command

_HEADLINES: dict[AlertKind, str] = {
    "drift": "drift in {columns}",
    "quality": "predictions got worse",
    "refused": "the night's data was refused",
    "missing": "no data came",
    "fault": "faulty data in {columns}",
    "unusual": "an unusual delivery: {columns}",
    "breaker": "retrains keep being refused",
    "stale": "the model is getting old",
    "labels": "true outcomes stay away",
    "unscorable": "the model cannot score",
    "joined": "a joined table was refused",
}
_MEANINGS: dict[AlertKind, str] = {
    "drift": "Rows now differ from the nights that the model in service (the champion) is compared "
    "with by more than such nights differ from each other.",
    "quality": "Now that the true outcomes of these nights are known, the champion was further off "
    "than it usually is. z counts standard deviations above what is usual.",
    "refused": "The delivery breaks the project's data contract, so nothing of it was used.",
    "missing": "Either the delivery is late, or whatever should deliver it has stopped.",
    "fault": "So many values are wrong at once that the feed is the likely cause, not the world.",
    "unusual": "No night before it had this. It may be right, as on a holiday, or the feed is not.",
    "breaker": "Each new model was worse than the champion on nights that neither had seen, so the "
    "cause lies in the data or in the recipe.",
    "stale": "No retrain has replaced the champion for a long time: none was decided, or each was "
    "refused.",
    "labels": "Without true outcomes nobody knows how good the predictions are, and no new model "
    "can be trained on these nights.",
    "unscorable": "Something that it needs has changed or is damaged.",
    "joined": "A table that is joined to the rows changed, and is wrong. The rows' own files are "
    "as they were, so the nights that were accepted stay so, with the table as it was.",
}
_NAMED = 3
_FAILURES: tuple[AlertKind, ...] = ("refused", "missing", "unscorable")


def tell_alerts(
    store: Store, project: Project, key: str, kind: AlertKind, subjects: tuple[str, ...]
) -> Content:
    """The alerts of one kind that a night raised, as one message."""
    night = store.record(key, Night)
    alerts = [a for a in night.decision.alerts if a.kind == kind and a.subject in subjects]
    tone: Tone = "failure" if kind in _FAILURES else "warning"
    return Content(
        tone=tone,
        as_of=night.as_of,
        headline=_HEADLINES[kind].format(columns=_columns(night, kind, subjects)),
        sentence=" ".join(alert.sentence for alert in alerts),
        meaning=_MEANINGS[kind],
        numbers=tuple(numbers_of(store, project, night, kind, subjects)),
        did=tuple(_did(store, project, key, night, kind)),
        commands=tuple(_commands(night, alerts)),
        has_report=night.report is not None,
    )


def _columns(night: Night, kind: AlertKind, subjects: tuple[str, ...]) -> str:
    """What a headline has room for."""
    names = (drifted_columns(night) if kind == "drift" else None) or subjects
    more = f" and {len(names) - _NAMED} more columns" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _did(store: Store, project: Project, key: str, night: Night, kind: AlertKind) -> Iterator[str]:
    """What became of the night, and of the model."""
    if kind in ("refused", "missing"):
        yield "Nothing was scored or trained on this night; the champion stays in service."
        yield f"The next {project.policy.recheck} nightly runs look for a new delivery of it."
    elif kind == "fault":
        yield (
            "The faulty night stays out of training, gates and reference until it is delivered "
            "anew or accepted."
        )
    elif kind == "joined":
        yield (
            "Nothing was taken back. The next nightly runs read the night again once the table "
            "changes."
        )
    elif kind == "unscorable":
        yield "Nothing was scored this night."
    elif night.decision.action == "wait":
        yield "The champion was kept."
    started = "A retrain was started. " if night.decision.action == "retrain" else ""
    yield f"{started}{night.decision.sentence}"
    for judgement_key, judgement in judgements_for(store, project.name, key):
        yield judgement.sentence
        entry = entry_for(store, project.name, judgement_key)
        if entry:
            yield f"{entry.version} serves from the next night."


def _commands(night: Night, alerts: list[Alert]) -> Iterator[str]:
    """Each alert's own; a fault in labels is accepted for the night that they belong to."""
    found: dict[str, None] = {}
    for alert in alerts:
        if alert.kind != "fault":
            found[next_command(night, alert)] = None
        else:
            found |= dict.fromkeys(_accept(night, alert.subject))
    yield from found


def _accept(night: Night, column: str) -> Iterator[str]:
    nights = [n for n, faults in night.evidence.label_faults.items() if _names(faults, column)]
    if _names(night.evidence.faults, column):
        nights.append(str(night.as_of))
    for one in sorted(nights):
        yield f"driftloop accept {night.project} {one} --reason ...  # if the values are right"


def _names(faults: tuple[Fault, ...], column: str) -> bool:
    return any(fault.column == column for fault in faults)
