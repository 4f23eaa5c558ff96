"""The Prefect server: address, version, worker, deployments, schedules, triggers.

What should be there is `deployments.build`; runs are `deployments.doctor.runs`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deployments.doctor.examine import Case
from deployments.doctor.finding import Finding, fail, ok, skipped, warn

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.responses import DeploymentResponse
    from prefect.events.schemas.automations import Automation

    from deployments.deploy import Change

NO_SERVER = "no Prefect server is set up here; every command also runs without one"
NOTHING = "nothing is deployed there; driftloop deploy does that"
_LISTED = 5


@contextmanager
def reach() -> Iterator["SyncPrefectClient"]:
    """The server that the environment names, or the one of driftloop up."""
    from deployments.server import connect, local_stack

    with connect(local_stack()) as client:
        yield client


def check_server(_: Case) -> Finding:
    """That it answers, lets us in and fits our version."""
    import prefect

    if not _is_set_up():
        return skipped(NO_SERVER)
    with reach():
        return ok(f"it answers, lets us in, and fits Prefect {prefect.__version__} here")


def check_worker(_: Case) -> Finding:
    """That somebody takes the runs of each work pool that our deployments name."""
    with reach() as client:
        pools = sorted({one.work_pool_name or "" for one in ours(client).values()})
        if not pools:
            return skipped(NOTHING)
        paused = [pool for pool in pools if client.read_work_pool(pool).is_paused]
        idle = [pool for pool in pools if not _online(client, pool)]
    if idle:
        steps = [command(f"worker start --pool {pool}") for pool in idle]
        return fail(
            f"no worker is online for work pool {', '.join(idle)}, so scheduled runs wait", *steps
        )
    if paused:
        steps = [command(f"work-pool resume {pool}") for pool in paused]
        return warn(f"work pool {', '.join(paused)} is paused, so scheduled runs wait", *steps)
    return ok(f"a worker is online for work pool {', '.join(pools)}")


def check_deployments(case: Case) -> Finding:
    """That what is deployed is what the project files say."""
    with reach() as client:
        changes = _changes(client, case)
    if not any(change.existing for change in changes):
        return warn("nothing is deployed, so nothing runs by itself", "driftloop deploy")
    stale = [f"{one.name} ({one.what})" for one in changes if one.what != "same"]
    if stale:
        return warn(
            f"{len(stale)} of {len(changes)} deployments are not what the project files say: "
            f"{_some(stale)}",
            "driftloop deploy",
        )
    return ok(f"all {len(changes)} deployments are what the project files say")


def check_schedules(case: Case) -> Finding:
    """That nightly runs are scheduled, unless somebody paused them."""
    with reach() as client:
        nightly = ours(client, case, "nightly")
    if not nightly:
        return skipped(NOTHING)
    off: list[str] = []
    steps: list[str] = []
    for name, found in nightly.items():
        asleep = [one for one in found.schedules if not one.active]
        if found.paused:
            off.append(name)
            steps.append(f"switch {name} on at its page in the Prefect UI")
        elif asleep or not found.schedules:
            off.append(name)
            steps += [command(f"deployment schedule resume {name} {one.id}") for one in asleep]
            steps += [] if asleep else ["driftloop deploy"]
    if off:
        return warn(f"the schedule of {', '.join(off)} is off: no night runs by itself", *steps)
    return ok(f"the schedules of {', '.join(nightly)} are on")


def check_triggers(case: Case) -> Finding:
    """That events start retrains and failures start alarms."""
    with reach() as client:
        owners = ours(client, case, "retrain") | ours(client, case, "alarm")
        if not owners:
            return skipped(NOTHING)
        found = {name: _triggers(client, one) for name, one in owners.items()}
    missing = [name for name, triggers in found.items() if not triggers]
    if missing:
        return fail(f"no event starts {', '.join(missing)}", "driftloop deploy")
    every = [one for triggers in found.values() for one in triggers]
    off = [one for one in every if not one.enabled]
    if off:
        steps = [command(f"automation resume --id {one.id}") for one in off]
        return warn(f"switched off: {', '.join(repr(one.name) for one in off)}", *steps)
    return ok(f"{len(every)} triggers are switched on")


def command(words: str) -> str:
    """A command of Prefect's to type here; the server of driftloop up has to be named to it."""
    from prefect.settings import get_current_settings

    from deployments.server import local_stack

    stack = local_stack()
    if get_current_settings().api.url or stack is None:
        return f"prefect {words}"
    return f"PREFECT_API_URL={stack.api_url} prefect {words}"


def _is_set_up() -> bool:
    from prefect.settings import get_current_settings

    from deployments.stack.remains import is_up

    return bool(get_current_settings().api.url) or is_up(Path(".driftloop"))


def ours(
    client: "SyncPrefectClient", case: Case | None = None, flow: str = ""
) -> dict[str, "DeploymentResponse"]:
    """Our deployments by flow and project, those of one flow or one project alone if asked."""
    from deployments.deploy import existing_deployments

    return {
        name: one
        for name, one in existing_deployments(client)
        if name.startswith(f"{flow}/" if flow else "")
        and (case is None or case.project in (None, one.name))
    }


def _changes(client: "SyncPrefectClient", case: Case) -> tuple["Change", ...]:
    from deployments.build import POOL, plan_deployments
    from deployments.deploy import compare
    from flows.find import list_projects

    pools = [one.work_pool_name for one in ours(client, case).values() if one.work_pool_name]
    pool = max(pools, key=pools.count, default=POOL)
    found = list_projects()
    ready = [one.project for one in found if one.project and not one.problem]
    wanted = [one for one in ready if case.project in (None, one.name)]
    changes = compare(client, plan_deployments(wanted, pool), [one.name for one in found], pool)
    return tuple(
        one for one in changes if case.project is None or one.name.endswith(f"/{case.project}")
    )


def _online(client: "SyncPrefectClient", pool: str) -> bool:
    return any(one.status == "ONLINE" for one in client.read_workers_for_work_pool(pool))


def _triggers(client: "SyncPrefectClient", deployment: "DeploymentResponse") -> "list[Automation]":
    return client.read_resource_related_automations(f"prefect.deployment.{deployment.id}")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
