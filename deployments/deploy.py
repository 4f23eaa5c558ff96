"""A Prefect server brought to what the project files say, keeping what people paused or disabled.

What should be there is `deployments.build`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.events.actions import RunDeployment
from prefect.events.schemas.automations import Automation
from prefect.exceptions import ObjectNotFound

from deployments.build import TAG, Planned

_PAGE = 200


@dataclass(frozen=True)
class Change:
    """One deployment's difference between the server and the project files."""

    name: str
    what: Literal["new", "changed", "same", "gone"]
    detail: str
    planned: Planned | None = None
    existing: DeploymentResponse | None = None

    def as_json(self) -> dict[str, str]:
        """For machines."""
        return {"deployment": self.name, "what": self.what, "detail": self.detail}


def compare(
    client: SyncPrefectClient, planned: Sequence[Planned], projects: Sequence[str], pool: str
) -> tuple[Change, ...]:
    """What `apply` would do. `projects` are all that have a file, sound or not: theirs stay.

    Deployments without our tag are not looked at; those in other work pools never go.
    """
    existing = dict(existing_deployments(client))
    changes = [_change(client, one, existing.pop(one.name, None)) for one in planned]
    gone = [
        Change(name, "gone", "no project file, or no such flow any more", existing=found)
        for name, found in existing.items()
        if found.work_pool_name == pool
        and (found.name not in projects or found.name in {p.deployment.name for p in planned})
    ]
    return (*changes, *gone)


def apply(client: SyncPrefectClient, changes: Sequence[Change], pool: str) -> None:
    """Carry the changes out. What people paused, disabled or switched off stays so."""
    _make_pool(client, pool)
    for change in changes:
        if change.what == "gone" and change.existing:
            client.delete_resource_owned_automations(_resource(change.existing.id))
            client.delete_deployment(change.existing.id)
        elif change.what in ("new", "changed") and change.planned:
            _apply_one(client, change.planned, change.existing)


def _apply_one(
    client: SyncPrefectClient, planned: Planned, existing: DeploymentResponse | None
) -> None:
    deployment = planned.deployment
    disabled: set[str] = set()
    if existing:
        deployment.paused = existing.paused
        switched_off = {_cron_of(one) for one in existing.schedules if not one.active}
        for schedule in deployment.schedules or []:
            schedule.active = _cron_of(schedule) not in switched_off
        disabled = {one.name for one in _owned(client, existing) if not one.enabled}
    else:
        _forget_orphans(client, planned)
    identity = cast(UUID, deployment.apply())  # no coroutine: nothing here is async
    for automation in client.read_resource_related_automations(_resource(identity)):
        if automation.name in disabled:
            client.pause_automation(automation.id)


def _forget_orphans(client: SyncPrefectClient, planned: Planned) -> None:
    """A deployment deleted by hand leaves its triggers, which would go on failing."""
    for name in planned.triggers:
        for automation in client.read_automations_by_name(name):
            for action in automation.actions:
                if isinstance(action, RunDeployment) and action.deployment_id:
                    client.delete_resource_owned_automations(_resource(action.deployment_id))


def _change(
    client: SyncPrefectClient, planned: Planned, existing: DeploymentResponse | None
) -> Change:
    if existing is None:
        return Change(planned.name, "new", _schedule_of(planned), planned)
    differences = list(_differences(client, planned, existing))
    detail = "; ".join(differences) or _kept(existing)
    return Change(planned.name, "changed" if differences else "same", detail, planned, existing)


def _differences(
    client: SyncPrefectClient, planned: Planned, existing: DeploymentResponse
) -> Iterator[str]:
    if existing.work_pool_name != planned.deployment.work_pool_name:
        yield f"pool {existing.work_pool_name} becomes {planned.deployment.work_pool_name}"
    if existing.version != planned.deployment.version:
        yield f"version {existing.version} becomes {planned.deployment.version}"
    crons = {_cron_of(one) for one in planned.deployment.schedules or []}
    found = {_cron_of(one) for one in existing.schedules}
    if crons != found:
        yield f"schedule {_listed(found)} becomes {_listed(crons)}"
    missing = set(planned.triggers) - {one.name for one in _owned(client, existing)}
    if missing:
        yield f"trigger {', '.join(sorted(missing))} is missing"


def _kept(existing: DeploymentResponse) -> str:
    if existing.paused:
        return "stays paused"
    return "schedule stays off" if any(not one.active for one in existing.schedules) else ""


def _schedule_of(planned: Planned) -> str:
    crons = [_cron_of(one) for one in planned.deployment.schedules or []]
    return f"scheduled {_listed(crons)}" if crons else ""


def _cron_of(schedule: object) -> str:
    inner = getattr(schedule, "schedule", schedule)
    if isinstance(inner, CronSchedule):
        return f"{inner.cron} {inner.timezone or 'UTC'}"
    return str(inner)


def _listed(crons: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(crons)) or "none"


def _owned(client: SyncPrefectClient, deployment: DeploymentResponse) -> list[Automation]:
    return client.read_resource_related_automations(_resource(deployment.id))


def _resource(deployment: UUID) -> str:
    return f"prefect.deployment.{deployment}"


def existing_deployments(
    client: SyncPrefectClient,
) -> Iterator[tuple[str, DeploymentResponse]]:
    """Our deployments by the names that Prefect writes."""
    flows: dict[object, str] = {}
    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    for page in range(1_000):
        found = client.read_deployments(deployment_filter=ours, limit=_PAGE, offset=page * _PAGE)
        for deployment in found:
            if deployment.flow_id not in flows:
                flows[deployment.flow_id] = client.read_flow(deployment.flow_id).name
            yield f"{flows[deployment.flow_id]}/{deployment.name}", deployment
        if len(found) < _PAGE:
            return


def _make_pool(client: SyncPrefectClient, pool: str) -> None:
    try:
        client.read_work_pool(pool)
    except ObjectNotFound:
        client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
