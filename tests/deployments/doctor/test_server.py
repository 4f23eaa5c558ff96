"""What is planted on a real Prefect server is found there, with the command that mends it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import prefect
import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.events import Event
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Running

from deployments.build import plan_deployments
from deployments.deploy import apply, compare
from deployments.doctor.examine import Case
from deployments.doctor.finding import Finding
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.receivers import refusing_port
from tests.building.rows import day
from tests.building.world import World
from tests.deployments.doctor.looking import look

POOL = "tests-doctor"

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture(scope="module")
def shop() -> Iterator[SyncPrefectClient]:
    """A server on which nothing but the shop is deployed."""
    with get_client(sync_client=True) as found:
        for deployment in found.read_deployments():
            found.delete_resource_owned_automations(f"prefect.deployment.{deployment.id}")
            found.delete_deployment(deployment.id)
        for run in found.read_flow_runs():
            found.delete_flow_run(run.id)
        yield found


@pytest.fixture
def client(
    shop: SyncPrefectClient, young: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyncPrefectClient]:
    """All is as the project file says, and a worker is online; what a test plants goes again."""
    monkeypatch.setenv("DRIFTLOOP_DATA", str(young.root / "none"))
    planned = plan_deployments([young.project], POOL)
    apply(shop, compare(shop, planned, [NAME], POOL), POOL)
    shop.send_worker_heartbeat(POOL, "a worker", heartbeat_interval_seconds=60)
    yield shop
    for run in shop.read_flow_runs():
        shop.delete_flow_run(run.id)


def look_at(name: str) -> Finding:
    """What one check finds on a server that answers."""
    return look("prefect", name)[name]


@pytest.mark.usefixtures("client")
def test_a_server_with_everything_in_order_is_told_so() -> None:
    names = ("prefect", "worker", "deployments", "schedules", "triggers", "lost runs")
    found = look(*names)
    assert {name: one.state for name, one in found.items()} == dict.fromkeys(names, "ok"), found


def test_a_pool_without_a_worker_is_found(client: SyncPrefectClient) -> None:
    path = {"work_pool_name": POOL, "name": "a worker"}
    client.request("DELETE", "/work_pools/{work_pool_name}/workers/{name}", path_params=path)
    found = look_at("worker")
    assert found.state == "FAIL"
    assert found.steps == (f"prefect worker start --pool {POOL}",)


def test_a_deployment_that_somebody_deleted_is_found(client: SyncPrefectClient) -> None:
    client.delete_deployment(client.read_deployment_by_name(f"replay/{NAME}").id)
    found = look_at("deployments")
    assert found.state == "warn"
    assert f"replay/{NAME} (new)" in found.saw
    assert found.steps == ("driftloop deploy",)


@pytest.mark.usefixtures("client")
def test_a_project_file_that_was_edited_since_is_found(young: World) -> None:
    young.declare("hours=(4,)")
    found = look_at("deployments")
    assert f"nightly/{NAME} (changed)" in found.saw


def test_a_schedule_that_is_off_is_found(client: SyncPrefectClient) -> None:
    nightly = client.read_deployment_by_name(f"nightly/{NAME}")
    (schedule,) = nightly.schedules
    client.update_deployment_schedule(nightly.id, schedule.id, active=False)
    found = look_at("schedules")
    assert found.state == "warn"
    assert found.steps == (f"prefect deployment schedule resume nightly/{NAME} {schedule.id}",)
    client.pause_deployment(nightly.id)
    assert "Prefect UI" in look_at("schedules").steps[0]
    client.resume_deployment(nightly.id)
    client.update_deployment_schedule(nightly.id, schedule.id, active=True)


def test_a_trigger_that_is_off_is_found_and_one_that_is_missing(client: SyncPrefectClient) -> None:
    (drift,) = client.read_automations_by_name(f"{NAME}: retrain on drift")
    client.pause_automation(drift.id)
    found = look_at("triggers")
    assert (found.state, found.saw) == ("warn", f"switched off: '{NAME}: retrain on drift'")
    assert found.steps == (f"prefect automation resume --id {drift.id}",)
    alarm = client.read_deployment_by_name(f"alarm/{NAME}")
    client.delete_resource_owned_automations(f"prefect.deployment.{alarm.id}")
    client.resume_automation(drift.id)
    found = look_at("triggers")
    assert (found.state, found.saw) == ("FAIL", f"no event starts alarm/{NAME}")
    assert found.steps == ("driftloop deploy",)


def test_a_run_whose_process_is_long_gone_is_listed_with_what_ends_it(
    client: SyncPrefectClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    nightly = client.read_deployment_by_name(f"nightly/{NAME}")
    run = client.create_flow_run_from_deployment(nightly.id, name=f"{NAME} {day(YOUNG)}")
    client.set_flow_run_state(run.id, Running(), force=True)
    in_two_hours = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr("deployments.doctor.runs._now", lambda: in_two_hours)
    found = look_at("lost runs")
    assert found.state == "warn"
    assert f"nightly '{NAME} {day(YOUNG)}' (120 min, and the store has its night)" in found.saw
    assert found.steps[0] == f"prefect flow-run cancel {run.id}"
    resource = {"prefect.resource.id": f"prefect.flow-run.{run.id}"}
    beat = Event.model_validate(
        {
            "event": "prefect.flow-run.heartbeat",
            "resource": resource,
            "occurred": in_two_hours.isoformat(),
        }
    )
    client.request("POST", "/events", json=[beat.model_dump(mode="json")])
    ends = time.monotonic() + 20
    while (found := look_at("lost runs")).state != "ok":
        assert time.monotonic() < ends, found
        time.sleep(0.1)


def test_a_run_that_has_just_begun_is_not_called_lost(client: SyncPrefectClient) -> None:
    nightly = client.read_deployment_by_name(f"nightly/{NAME}")
    run = client.create_flow_run_from_deployment(nightly.id)
    client.set_flow_run_state(run.id, Running(), force=True)
    assert look_at("lost runs").saw == "runs under way: 1, each with a recent sign of life"


def test_a_server_of_another_minor_version_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefect, "__version__", "3.4.1")
    found = look("prefect", "worker")
    assert found["prefect"].state == "FAIL"
    assert found["prefect"].steps == ("bring both to the same minor version",)
    assert found["worker"].state == "skipped"


def test_an_address_where_no_prefect_answers_is_found() -> None:
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{refusing_port()}/api"}):
        found = look("prefect")["prefect"]
    assert found.state == "FAIL"
    assert found.steps == ("is it running? driftloop up starts one here",)


def test_without_a_server_set_up_prefect_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        found = look("prefect", "worker", "test event")
    assert [one.state for one in found.values()] == ["skipped"] * 3


def test_no_test_event_is_sent_unasked_nor_while_a_decided_retrain_waits(
    client: SyncPrefectClient, young: World
) -> None:
    assert look("prefect", "worker", "test event")["test event"].state == "skipped"
    for number in range(YOUNG + 1, SERVED):
        young.live(number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.nightly.carry_out", lambda *_: None)
        assert young.live(SERVED).decision.action == "retrain"
    found = look("prefect", "worker", "test event", case=Case(fires=True))["test event"]
    assert (found.state, found.saw) == (
        "skipped",
        f"a decided retrain of {NAME} waits: it would be carried out",
    )
    assert client.count_flow_runs() == 0


def test_a_test_event_that_starts_nothing_is_found(
    client: SyncPrefectClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deployments.doctor.runs._RUN_SECONDS", 1)
    for automation in client.read_automations_by_name(f"{NAME}: retrain when due"):
        client.pause_automation(automation.id)
    found = look("prefect", "worker", "test event", case=Case(fires=True))["test event"]
    for automation in client.read_automations_by_name(f"{NAME}: retrain when due"):
        client.resume_automation(automation.id)
    assert (found.state, found.saw) == (
        "FAIL",
        f"the test event made no run of retrain/{NAME} within 1 s",
    )
    assert "triggers" in found.steps[0]
