"""Runs on the Prefect server: one that a test event starts, and those whose process is gone."""

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from deployments.doctor.examine import Case
from deployments.doctor.finding import Finding, fail, ok, skipped, warn
from deployments.doctor.server import NOTHING, command, ours, reach

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

FIRE_SECONDS = 150
_RUN_SECONDS, _END_SECONDS, _POLL_SECONDS = 40, 100, 0.25
_SILENT = timedelta(minutes=10)  # a run gives a sign of life every three
_HEARD = timedelta(days=7)  # events are not kept longer
_LISTED = 20


def check_event(case: Case) -> Finding:
    """An event like a night's, without a decision behind it, makes a run that finds nothing due."""
    from tasks.engine.reconcile import find_undone
    from tasks.home import home

    if not case.fires:
        return skipped("--fire sends a test event and waits for its run")
    with reach() as client:
        owners = ours(client, case, "retrain")
        if not owners:
            return skipped(NOTHING)
        name, deployment = next(iter(owners.items()))
        if find_undone(home(), deployment.name):
            return skipped(f"a decided retrain of {deployment.name} waits: it would be carried out")
        known = {run.id for run in _runs_of(client, deployment.id)}
        _fire(client, deployment.name)
        run = _await(client, deployment.id, known, _RUN_SECONDS, is_over=False)
        if run is None:
            return fail(
                f"the test event made no run of {name} within {_RUN_SECONDS} s",
                "see that its triggers are on, and that the server runs its background services",
            )
        run = _await(client, deployment.id, known, _END_SECONDS, is_over=True) or run
    return _judge(name, run)


def check_zombies(case: Case) -> Finding:
    """Runs that Prefect calls RUNNING and that have not been heard of for long."""
    with reach() as client:
        running = _running(client, case)
        silent = [(run, _silence(client, run)) for run in running]
        lost = [(run, since) for run, since in silent if since > _SILENT]
        names = [f"{_flow_of(client, run)} {run.name!r}" for run, _ in lost]
    if not lost:
        return ok(f"runs under way: {len(running)}, each with a recent sign of life")
    told = [
        f"{name} ({since.total_seconds() / 60:.0f} min{_if_done(run)})"
        for name, (run, since) in zip(names, lost, strict=True)
    ]
    steps = [command(f"flow-run cancel {run.id}") for run, _ in lost]
    return warn(
        f"RUNNING for Prefect, without a sign of life: {', '.join(told)}",
        *steps,
        "one that then stays Cancelling: prefect flow-run delete and the same id",
    )


def _fire(client: "SyncPrefectClient", project: str) -> None:
    from prefect.events import Event
    from prefect.events.schemas.events import Resource

    from tasks.events import DUE, resource_of

    resource = {"prefect.resource.id": resource_of(project), "prefect.resource.name": project}
    payload = {"project": project, "cause": "person", "sentence": "A test by driftloop doctor."}
    event = Event(event=DUE, resource=Resource(resource), payload=payload)
    client.request("POST", "/events", json=[event.model_dump(mode="json")]).raise_for_status()


def _await(
    client: "SyncPrefectClient",
    deployment: UUID,
    known: set[UUID],
    seconds: float,
    *,
    is_over: bool,
) -> "FlowRun | None":
    """The first run that was not known before, once it is there, or once it is over."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        new = [run for run in _runs_of(client, deployment) if run.id not in known]
        if new and (not is_over or (new[0].state and new[0].state.is_final())):
            return new[0]
        time.sleep(_POLL_SECONDS)
    return None


def _judge(name: str, run: "FlowRun") -> Finding:
    state = run.state
    if state is None or not state.is_final():
        return fail(
            f"the test event made a run of {name} that has not ended ({run.state_name})",
            "look at the worker's log: it takes runs one after the other",
        )
    if state.name == "Nothing due":
        return ok(f"a test event made a run of {name}, which found nothing due")
    return fail(
        f"the test event's run of {name} ended as {state.name}: {state.message}",
        f"look at its log: {command(f'flow-run logs {run.id}')}",
    )


def _runs_of(client: "SyncPrefectClient", deployment: UUID) -> "list[FlowRun]":
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
    from prefect.client.schemas.sorting import FlowRunSort

    only = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
    newest = FlowRunSort.EXPECTED_START_TIME_DESC
    return client.read_flow_runs(deployment_filter=only, sort=newest, limit=_LISTED)


def _running(client: "SyncPrefectClient", case: Case) -> "list[FlowRun]":
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateType,
        FlowRunFilterTags,
    )
    from prefect.client.schemas.objects import StateType

    from deployments.build import TAG

    tags = [TAG, *filter(None, [case.project])]
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING]))
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=state, tags=FlowRunFilterTags(all_=tags)), limit=_LISTED
    )


def _silence(client: "SyncPrefectClient", run: "FlowRun") -> timedelta:
    """How long ago the run gave its last sign of life."""
    about = {"id": [f"prefect.flow-run.{run.id}"]}
    name = {"name": ["prefect.flow-run.heartbeat"]}
    lately = {"since": str(_now() - _HEARD), "until": str(_now() + _HEARD)}  # by its own clock
    asked = {"filter": {"event": name, "resource": about, "occurred": lately}, "limit": 1}
    answer: dict[str, Any] = client.request("POST", "/events/filter", json=asked).json()
    signs = [datetime.fromisoformat(event["occurred"]) for event in answer["events"]]
    last = max(filter(None, [run.start_time, *signs]), default=None)
    return _now() - last if last else timedelta()


def _now() -> datetime:
    return datetime.now(UTC)


def _flow_of(client: "SyncPrefectClient", run: "FlowRun") -> str:
    return client.read_flow(run.flow_id).name


def _if_done(run: "FlowRun") -> str:
    """Runs are named after project and night, so the store can tell whether that night is there."""
    from schemas.errors import DriftloopError
    from schemas.names import check_night
    from tasks.home import home

    project, _, night = run.name.partition(" ")
    try:
        is_done = bool(home().places("nights", project, check_night(night)))
    except DriftloopError:
        return ""
    return ", and the store has its night" if is_done else ""
