"""Tasks that emit events. An event is a nudge: what counts is in the store, and readers go there.

Which deployments an event starts is `deployments.build`.
"""

from typing import Any

from prefect import get_run_logger
from prefect.events import emit_event
from prefect.runtime import deployment

from schemas.ledger import Entry
from schemas.night import Night
from schemas.project import Project
from tasks.engine.reconcile import find_attempt
from tasks.home import home
from tasks.step import step

DRIFT = "driftloop.drift.detected"
DUE = "driftloop.retrain.due"
MOVED = "driftloop.champion.promoted"


def resource_of(project: str) -> str:
    """The resource that a project's events are about."""
    return f"driftloop.project.{project}"


@step
def ask_for_retrain(project: Project, night: str) -> bool:
    """Ask the retrain deployment to carry out what the night decided; whether it was asked.

    Without a deployment nobody would hear it: then the caller carries it out.
    """
    record = home().record(night, Night)
    event = _event_of(record)
    if event is None or not deployment.id or find_attempt(home(), project.name, night):
        return False
    payload = {
        "project": project.name,
        "as_of": record.as_of.isoformat(),
        "night": night,
        "cause": record.decision.cause.kind if record.decision.cause else "drift",
        "sentence": record.decision.sentence,
    }
    _emit(event, project.name, payload)
    return record.decision.action == "retrain"


@step
def announce_move(project: Project, key: str) -> None:
    """Tell serving systems of a promotion; nothing for an attempt that led to none."""
    if key.startswith("ledger/"):
        _announce(project, home().record(key, Entry))


@step
def announce_entry(project: Project, entry: Entry) -> None:
    """Tell serving systems that a person moved the champion."""
    _announce(project, entry)


def _announce(project: Project, entry: Entry) -> None:
    if deployment.id and entry.version:
        payload = {
            "project": project.name,
            "as_of": entry.as_of.isoformat(),
            "action": entry.action,
            "version": entry.version,
            "ledger": entry.seq,
            "reason": entry.reason,
        }
        _emit(MOVED, project.name, payload)


def _event_of(night: Night) -> str | None:
    decision = night.decision
    is_drift = any(alert.kind == "drift" for alert in decision.alerts)
    if is_drift or (decision.cause and decision.cause.kind == "drift"):
        return DRIFT
    return DUE if decision.action == "retrain" else None


def _emit(event: str, project: str, payload: dict[str, Any]) -> None:
    try:
        emit_event(
            event,
            resource={
                "prefect.resource.id": resource_of(project),
                "prefect.resource.name": project,
            },
            payload=payload,
        )
    except Exception as error:  # noqa: BLE001  # a lost event is made good by the next night
        get_run_logger().warning("The event %s was lost: %s", event, type(error).__name__)
