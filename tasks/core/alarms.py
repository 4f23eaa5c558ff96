"""Standing alarms: what is raised, what has cleared, which alerts people should have tonight.

One alarm a cause (kind, column) until it has cleared. What alarms start is `tasks.core.policy`.
"""

from dataclasses import dataclass
from datetime import date
from itertools import chain

from schemas.night import Alert, AlertKind, DriftNight, Evidence, OpenCause, TriggerState
from schemas.period import between, parse
from schemas.policy import Policy
from tasks.core.quality import quality_alarm


@dataclass(frozen=True)
class Alarms:
    """The state with tonight's alarms folded in, and every alert that stands tonight."""

    state: TriggerState
    alerts: tuple[Alert, ...]


def raise_alarms(state: TriggerState, evidence: Evidence, policy: Policy) -> Alarms:
    """Fold tonight's faults, drift and quality into the state and list the standing alerts."""
    state = _note_faults(state, evidence)
    state = _note_drift(state, evidence, policy)
    state = _note_causes(state, evidence, policy)
    return Alarms(state=state, alerts=tuple(_standing(state, evidence, policy)))


def _note_faults(state: TriggerState, evidence: Evidence) -> TriggerState:
    """A night is faulty until a clean revision of it comes or a person accepts it."""
    batches, labels = set(state.faulty_batches), set(state.faulty_labels)
    if evidence.drift.state != "not_scored":
        batches.discard(evidence.as_of)
    if evidence.faults:
        batches.add(evidence.as_of)
    for night, found in evidence.label_faults.items():
        labels.discard(parse(night))
        if found:
            labels.add(parse(night))
    accepted = set(evidence.accepted)
    update = {"faulty_batches": batches - accepted, "faulty_labels": labels - accepted}
    return state.model_copy(update={name: tuple(sorted(found)) for name, found in update.items()})


def _note_drift(state: TriggerState, evidence: Evidence, policy: Policy) -> TriggerState:
    """Keep the newest evaluated nights; thin nights wait in the pool until they are judged.

    A faulty or bad night says nothing of the world: it counts as one without drift.
    """
    drift, bad = evidence.drift, evidence.bad
    known = [
        DriftNight(as_of=n.as_of, columns=()) if n.as_of in bad else n for n in state.recent_drift
    ]
    state = state.model_copy(update={"recent_drift": tuple(known)})
    if drift.state == "pooled":
        pooled = tuple(sorted({*state.pooled, evidence.as_of}))
        return state.model_copy(update={"pooled": pooled})
    if drift.state not in ("calibrated", "provisional"):
        return state
    drifted = tuple(column.column for column in drift.columns if column.drifted)
    is_void = bool(evidence.faults) or evidence.as_of in bad
    tonight = DriftNight(as_of=evidence.as_of, columns=() if is_void else drifted)
    others = [night for night in state.recent_drift if night.as_of != evidence.as_of]
    recent = sorted([*others, tonight], key=lambda night: night.as_of)[-policy.drift_of :]
    pooled = tuple(night for night in state.pooled if night not in drift.pooled)
    return state.model_copy(update={"recent_drift": tuple(recent), "pooled": pooled})


def _note_causes(state: TriggerState, evidence: Evidence, policy: Policy) -> TriggerState:
    causes = _drift_causes(state, evidence, policy) + _quality_causes(state, evidence, policy)
    causes += _erasure_causes(state, evidence)
    return state.model_copy(update={"causes": tuple(causes)})


def _drift_causes(state: TriggerState, evidence: Evidence, policy: Policy) -> list[OpenCause]:
    """A drift cause clears when its column drifted on none of the newest evaluated nights.

    Columns that join within a gate window of an open alarm belong to it: the same change of the
    world, which has already brought a refresh forward.
    """
    seen = {column for night in state.recent_drift for column in night.columns}
    kept = [cause for cause in state.causes if cause.kind == "drift" and cause.column in seen]
    if evidence.drift.state != "calibrated" or evidence.history or evidence.late:
        return kept
    young = [cause for cause in kept if between(evidence.as_of, cause.since) <= policy.gate_nights]
    new = [
        OpenCause(
            kind="drift",
            column=column,
            since=young[0].since if young else evidence.as_of,
            brought_forward=bool(young) and young[0].brought_forward,
        )
        for column in alarming_columns(state.recent_drift, policy)
        if column not in {cause.column for cause in kept}
    ]
    return kept + new


def alarming_columns(recent: tuple[DriftNight, ...], policy: Policy) -> tuple[str, ...]:
    """Columns that drift tonight, when enough of the newest nights drift at all."""
    drifting = [night for night in recent if night.columns]
    if len(drifting) < policy.drift_needed or not recent[-1].columns:
        return ()
    return recent[-1].columns


def _quality_causes(state: TriggerState, evidence: Evidence, policy: Policy) -> list[OpenCause]:
    open_causes = [cause for cause in state.causes if cause.kind == "quality"]
    if evidence.quality.state != "known":
        return open_causes
    if not quality_alarm(evidence.quality.points, policy):
        return []
    if open_causes or evidence.history or evidence.late:
        return open_causes
    return [OpenCause(kind="quality", column="", since=evidence.as_of)]


def _erasure_causes(state: TriggerState, evidence: Evidence) -> list[OpenCause]:
    """One cause an erasure, until a champion serves that was never trained on its rows."""
    known = {cause.column: cause for cause in state.causes if cause.kind == "erasure"}
    if evidence.history or evidence.late:
        return list(known.values())
    return [
        known.get(key) or OpenCause(kind="erasure", column=key, since=evidence.as_of)
        for key in evidence.erasures
    ]


def _standing(state: TriggerState, evidence: Evidence, policy: Policy) -> list[Alert]:
    """Every alert that holds tonight; telling people only the new ones is the caller's business."""
    return [
        *data_alerts(state, evidence),
        *_scoring_alerts(evidence),
        *_cause_alerts(state),
        *_breaker_alerts(state, policy),
        *_age_alerts(evidence, policy),
    ]


def data_alerts(state: TriggerState, evidence: Evidence) -> list[Alert]:
    """What is wrong with the night itself: its delivery, its rows, labels that came with it."""
    found = []
    if evidence.data == "refused":
        found.append(
            _alert("refused", str(evidence.as_of), "The batch was refused.", "driftloop why")
        )
    if evidence.refused_since:
        text = "Joined tables were refused; the rows that were accepted before stand."
        found.append(_alert("joined", "", text, "driftloop why"))
    missing = _alert("missing", "", "No data came by the deadline.", "driftloop night")
    is_still_missing = evidence.data == "no_data_yet" and alert_key(missing) in state.alerted
    if evidence.data == "no_data" or is_still_missing:
        found.append(missing)
    return found + _fault_alerts(evidence) + _unusual_alerts(evidence)


def _fault_alerts(evidence: Evidence) -> list[Alert]:
    found = []
    everything = [*evidence.faults, *chain.from_iterable(evidence.label_faults.values())]
    for column in sorted({fault.column for fault in everything}):
        faults = [fault for fault in everything if fault.column == column]
        worst = max(faults, key=lambda fault: fault.share)
        text = f"{column}: {worst.kind} on {worst.share:.0%} of rows, limit {worst.limit:.0%}."
        found.append(_alert("fault", column, f"Fix the data. {text}", "driftloop accept"))
    return found


def _unusual_alerts(evidence: Evidence) -> list[Alert]:
    """What may be right all the same, so that the night goes on; what may not is a fault."""
    return [
        _alert("unusual", f"{one.kind} {one.subject}".strip(), f"{one.sentence}.", "driftloop why")
        for one in evidence.unusual
        if not one.is_fault
    ]


def _scoring_alerts(evidence: Evidence) -> list[Alert]:
    if not evidence.unscorable:
        return []
    step = "driftloop rollback" if evidence.has_earlier else "driftloop retrain"
    return [_alert("unscorable", "", evidence.unscorable, step)]


def _cause_alerts(state: TriggerState) -> list[Alert]:
    """One alert an alarm: columns that drift together share it."""
    found = []
    alarms = _without_erasures(state)
    for kind, since in sorted({(kind, since) for kind, since, _ in alarms}):
        text = "Realised quality fell on the newest labelled nights."
        if kind == "drift":
            columns = [column for _, then, column in alarms if then == since]
            text = f"Drift from the champion's reference in {', '.join(sorted(columns))}."
        found.append(_alert(kind, str(since), text, "driftloop report"))
    return found


def _without_erasures(state: TriggerState) -> list[tuple[AlertKind, date, str]]:
    """Kind, first night and column of each cause that people are told of: they asked for those."""
    return [
        (cause.kind, cause.since, cause.column) for cause in state.causes if cause.kind != "erasure"
    ]


def _breaker_alerts(state: TriggerState, policy: Policy) -> list[Alert]:
    if state.refused_in_a_row < policy.breaker:
        return []
    text = f"{state.refused_in_a_row} retrains in a row were refused; one attempt a week from now."
    return [_alert("breaker", "", text, "driftloop ack")]


def _age_alerts(evidence: Evidence, policy: Policy) -> list[Alert]:
    found = []
    last = evidence.champion_last_night
    if last is not None and between(evidence.as_of, last) > policy.max_age:
        text = f"The champion knows no night after {last}, limit {policy.max_age} nights."
        found.append(_alert("stale", "", text, "driftloop status"))
    quality = evidence.quality
    if quality.labels_behind > policy.label_alert:
        text = (
            f"No complete labels after {quality.latest_labels}, {quality.labels_behind} nights "
            f"past the label delay, limit {policy.label_alert}."
        )
        found.append(_alert("labels", "", text, "driftloop nights"))
    return found


def _alert(kind: AlertKind, subject: str, sentence: str, next_step: str) -> Alert:
    return Alert(kind=kind, subject=subject, sentence=sentence, next_step=next_step)


def alert_key(alert: Alert) -> str:
    """What makes two alerts the same cause."""
    return f"{alert.kind}|{alert.subject}"
