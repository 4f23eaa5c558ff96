"""A real Prefect server brought to the plan: what people did there stays, the rest follows."""

from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.events import emit_event
from prefect.events.actions import RunDeployment

from deployments.build import plan_deployments
from deployments.deploy import Change, apply, compare
from tasks.events import DRIFT, resource_of
from tests.building.project import NAME, build_project

POOL = "tests"
NIGHTLY, RETRAIN = f"nightly/{NAME}", f"retrain/{NAME}"
ON_DRIFT = f"{NAME}: retrain on drift"

pytestmark = [
    *(pytest.mark.slow, pytest.mark.server),
    pytest.mark.usefixtures("prefect_server"),
]


@pytest.fixture
def client() -> Iterator[SyncPrefectClient]:
    """A client of a server without deployments."""
    with get_client(sync_client=True) as found:
        for deployment in found.read_deployments():
            found.delete_resource_owned_automations(f"prefect.deployment.{deployment.id}")
            found.delete_deployment(deployment.id)
        yield found


def deploy(client: SyncPrefectClient, **fields: Any) -> dict[str, Change]:
    changes = compare(client, plan_deployments([build_project(**fields)], POOL), [NAME], POOL)
    apply(client, changes, POOL)
    return {change.name: change for change in changes}


def test_twice_changes_nothing_the_second_time(client: SyncPrefectClient) -> None:
    assert {change.what for change in deploy(client).values()} == {"new"}
    before = {one.id: one.updated for one in client.read_deployments()}
    assert {change.what for change in deploy(client).values()} == {"same"}
    assert {one.id: one.updated for one in client.read_deployments()} == before


def test_what_people_paused_or_switched_off_stays_so_after_a_change(
    client: SyncPrefectClient,
) -> None:
    deploy(client)
    nightly = client.read_deployment_by_name(NIGHTLY)
    client.pause_deployment(nightly.id)
    client.update_deployment_schedule(nightly.id, nightly.schedules[0].id, active=False)
    for automation in client.read_automations_by_name(ON_DRIFT):
        client.pause_automation(automation.id)
    changes = deploy(client, about="Another question?")
    assert {change.what for change in changes.values()} == {"changed"}
    nightly = client.read_deployment_by_name(NIGHTLY)
    assert nightly.paused
    assert [one.active for one in nightly.schedules] == [False]
    assert [one.enabled for one in client.read_automations_by_name(ON_DRIFT)] == [False]


def test_another_hour_replaces_the_schedule(client: SyncPrefectClient) -> None:
    deploy(client)
    change = deploy(client, hours=(4,))[NIGHTLY]
    assert "schedule 0 2 * * * UTC becomes 0 4 * * * UTC" in change.detail
    (schedule,) = client.read_deployment_by_name(NIGHTLY).schedules
    assert schedule.schedule.model_dump()["cron"] == "0 4 * * *"


def test_what_has_no_project_file_any_more_goes_and_other_peoples_deployments_stay(
    client: SyncPrefectClient,
) -> None:
    deploy(client)
    theirs = client.create_deployment(client.create_flow_from_name("theirs"), name="theirs")
    changes = compare(client, [], [], POOL)
    assert {change.what for change in changes} == {"gone"}
    apply(client, changes, POOL)
    assert [one.id for one in client.read_deployments()] == [theirs]


def test_a_project_that_cannot_be_read_now_keeps_its_deployments(client: SyncPrefectClient) -> None:
    deploy(client)
    assert compare(client, [], [NAME], POOL) == ()


def test_a_deployment_or_trigger_deleted_by_hand_comes_back(client: SyncPrefectClient) -> None:
    deploy(client)
    client.delete_deployment(client.read_deployment_by_name(NIGHTLY).id)
    retrain = client.read_deployment_by_name(RETRAIN)
    client.delete_resource_owned_automations(f"prefect.deployment.{retrain.id}")
    changes = deploy(client)
    assert (changes[NIGHTLY].what, changes[RETRAIN].what) == ("new", "changed")
    assert ON_DRIFT in changes[RETRAIN].detail
    assert len(client.read_automations_by_name(ON_DRIFT)) == 1


def test_triggers_of_a_deployment_deleted_by_hand_do_not_stay_behind(
    client: SyncPrefectClient,
) -> None:
    deploy(client)
    client.delete_deployment(client.read_deployment_by_name(RETRAIN).id)
    deploy(client)
    (automation,) = client.read_automations_by_name(ON_DRIFT)
    (action,) = automation.actions
    assert isinstance(action, RunDeployment)
    assert action.deployment_id == client.read_deployment_by_name(RETRAIN).id


def test_an_event_of_this_project_makes_a_run_and_another_projects_none(
    client: SyncPrefectClient,
) -> None:
    deploy(client)
    emit_event(DRIFT, resource={"prefect.resource.id": resource_of("other")}, payload={})
    emit_event(DRIFT, resource={"prefect.resource.id": resource_of(NAME)}, payload={"as_of": [1]})
    until = monotonic() + 20
    deployment = client.read_deployment_by_name(RETRAIN).id
    ours = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
    while not (runs := client.read_flow_runs(deployment_filter=ours)) and monotonic() < until:
        sleep(0.2)
    assert [run.parameters for run in runs] == [{"project": NAME, "cause": "event"}]
