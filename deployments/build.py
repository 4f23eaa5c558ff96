"""What runs on Prefect: every flow of every project as a deployment, from the project files alone.

Bringing a server to this state is `deployments.deploy`; nothing here asks a server.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.accept import accept
from flows.ack import ack
from flows.alarm import alarm
from flows.approve import approve
from flows.freeze import freeze, unfreeze
from flows.ingest import history, ingest
from flows.mark_bad import mark_bad
from flows.monitor import monitor
from flows.nightly import nightly
from flows.promote import promote
from flows.readmit import readmit
from flows.replay import replay
from flows.retrain import retrain
from flows.rollback import rollback
from flows.score import score
from flows.search import search
from flows.upcoming import upcoming
from schemas.period import WRITTEN, Period
from schemas.project import Project
from schemas.record import digest_of
from tasks.events import DRIFT, DUE, resource_of
from tasks.gates.approval import Approval

TAG = "driftloop"
"""On every deployment: what lacks it is not ours and is never touched."""
POOL = "driftloop"
FORM_WORDS = "a date in the project's time zone"
"""How the flows say that a night is written; true where days are counted."""

_BY_HAND: tuple[Flow[..., Any], ...] = (
    *(ingest, history, score, monitor, replay),
    *(promote, rollback, freeze, unfreeze, ack, accept, mark_bad, readmit),
)


@dataclass(frozen=True)
class Planned:
    """One deployment as it should be. `digest` covers all that makes it."""

    deployment: RunnerDeployment
    crons: tuple[str, ...]
    triggers: tuple[str, ...]
    digest: str

    @property
    def name(self) -> str:
        """As Prefect writes it: flow and project."""
        return f"{self.deployment.flow_name}/{self.deployment.name}"


def plan_deployments(projects: Iterable[Project], pool: str = POOL) -> tuple[Planned, ...]:
    """Every deployment of these projects in one work pool; equal input gives equal digests."""
    return tuple(planned for project in projects for planned in _plan(project, pool))


def _plan(project: Project, pool: str) -> list[Planned]:
    unattended = [TAG, project.name, _watched(project)]
    crons = (project.cron,)
    planned = [
        _planned(project, pool, nightly, unattended, crons=crons),
        _planned(project, pool, retrain, unattended, triggers=_retrain_triggers(project)),
        _planned(project, pool, alarm, [TAG, project.name], triggers=[_failure_trigger(project)]),
        _planned(project, pool, search, [TAG, project.name], crons=(project.search_cron,)),
    ]
    return planned + [
        _planned(project, pool, flow, [TAG, project.name]) for flow in _by_hand(project)
    ]


def _by_hand(project: Project) -> Iterator[Flow[..., Any]]:
    yield from _BY_HAND
    if project.upcoming:
        yield upcoming
    if any(isinstance(gate, Approval) for gate in project.gates):
        yield approve


def _planned(
    project: Project,
    pool: str,
    flow: Flow[..., Any],
    tags: list[str],
    crons: tuple[str, ...] = (),
    triggers: Iterable[DeploymentEventTrigger] = (),
) -> Planned:
    triggers = list(triggers)
    about_flow = (flow.description or "").partition("\nArgs:")[0].strip()  # forms have the rest
    description = f"{project.about}\n\n{about_flow}"
    said = [
        *(flow.name, project.name, pool, tags, crons, project.timezone, version("driftloop")),
        *(_in_order(trigger) for trigger in triggers),
        description,
    ]
    digest = digest_of(said)[:12]
    deployment = flow.to_deployment(
        name=project.name,
        schedules=[Cron(cron, timezone=project.timezone) for cron in crons],
        parameters={"project": project.name},
        tags=tags,
        triggers=[*triggers],
        description=description,
        version=f"{version('driftloop')}+{digest}",
        work_pool_name=pool,
        entrypoint_type=EntrypointType.MODULE_PATH,
        concurrency_limit=_one_at_a_time(flow),
    )
    if not isinstance(deployment, RunnerDeployment):
        raise TypeError(deployment)
    _ask_for_nights_of(project.period, deployment)
    return Planned(deployment, crons, tuple(trigger.name or "" for trigger in triggers), digest)


def _ask_for_nights_of(period: Period, deployment: RunnerDeployment) -> None:
    """Forms ask for a date, which the server then insists on; weeks and hours are written."""
    if period == "day":
        return
    for asked in deployment._parameter_openapi_schema.properties.values():
        kinds = asked.get("anyOf", [asked])
        for kind in kinds:
            if kind.pop("format", None) == "date":
                told = asked["description"].replace(FORM_WORDS, WRITTEN[period])
                is_said = WRITTEN[period] in told
                asked["description"] = told if is_said else f"{told[:-1]}: {WRITTEN[period]}."


def _in_order(trigger: DeploymentEventTrigger) -> dict[str, Any]:
    """The trigger as JSON whose order no process's hash seed decides, or digests would differ."""
    dumped = trigger.model_dump(mode="json")
    return {**dumped, "expect": sorted(dumped["expect"])}


def _one_at_a_time(flow: Flow[..., Any]) -> ConcurrencyLimitConfig:
    """A hundred events make one retrain: the others find one under way and are cancelled."""
    is_retrain = flow.name == retrain.name
    strategy = (
        ConcurrencyLimitStrategy.CANCEL_NEW if is_retrain else ConcurrencyLimitStrategy.ENQUEUE
    )
    return ConcurrencyLimitConfig(limit=1, collision_strategy=strategy)


def _watched(project: Project) -> str:
    """The tag of runs that nobody looks at while they run."""
    return f"unattended-{project.name}"


def _retrain_triggers(project: Project) -> list[DeploymentEventTrigger]:
    """Nothing of the event's payload is used: the store says what is to be done."""
    return [
        DeploymentEventTrigger(
            name=f"{project.name}: retrain {why}",
            expect={event},
            match={"prefect.resource.id": resource_of(project.name)},
            parameters={"project": project.name, "cause": "event"},
        )
        for event, why in ((DRIFT, "on drift"), (DUE, "when due"))
    ]


def _failure_trigger(project: Project) -> DeploymentEventTrigger:
    return DeploymentEventTrigger(
        name=f"{project.name}: a run failed or crashed",
        expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
        match_related={
            "prefect.resource.id": f"prefect.tag.{_watched(project)}",
            "prefect.resource.role": "tag",
        },
        parameters={
            "project": project.name,
            "flow_name": _jinja("{{ flow.name }}"),
            "run": _jinja("{{ flow_run.name }}"),
            "state": _jinja("{{ flow_run.state.name }}"),
            # no filter such as ui_url: a server that has just started does not know them yet
            "run_id": _jinja("{{ flow_run.id }}"),
        },
    )


def _jinja(template: str) -> dict[str, str]:
    return {"__prefect_kind": "jinja", "template": template}
