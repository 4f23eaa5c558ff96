"""Alerts of real nights: of a drift and of the retrain it causes, and what they leave as it was."""

import time
from uuid import UUID

import pytest

from schemas.project import Project
from tasks.alerts import tell_people
from tests.building.fixtures import GROWN, YOUNG, settle
from tests.building.project import NAME
from tests.building.receivers import SECRET, TOKEN, Web, refusing_port
from tests.building.rows import build_orders, day
from tests.building.world import World


def without_alerts(world: World) -> dict[str, bytes]:
    return {key: data for key, data in world.files().items() if not key.startswith("alerts/")}


def test_a_drift_is_told_once_and_so_is_the_model_that_it_leads_to(
    grown: World, to_web: Web
) -> None:
    for number in range(GROWN + 1, GROWN + 6):
        grown.label(number - 1)
        grown.deliver(number, build_orders(number, shift=2.0))
        grown.night(number)
    assert to_web.titles == [
        f"[driftloop] {NAME} {day(GROWN)}: the first model serves",
        f"[driftloop] {NAME} {day(GROWN + 2)}: drift in amount",
        f"[driftloop] {NAME} {day(GROWN + 2)}: a new model serves",
        f"[driftloop] {NAME} {day(GROWN + 5)}: a new model serves",
    ]
    first, drift, promoted, _ = (post.body["message"] for post in to_web.posts)
    assert "- judged on unseen: 23 nights, " in first
    assert "times as far as usual nights get" in drift
    assert "It was trained because the data drifted in amount." in promoted
    before = grown.files()
    grown.night(GROWN + 5)
    assert (len(to_web.posts), grown.files()) == (4, before)


def test_a_night_is_the_same_whether_or_not_anybody_hears_of_it(
    young: World,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    monkeypatch.setattr("tasks.engine.posting._PAUSES_SECONDS", ())
    deaf = young.copy_to(tmp_path_factory.mktemp("deaf"))
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", f"json://127.0.0.1:{refusing_port()}")
    monkeypatch.setenv("DRIFTLOOP_HEARTBEAT_URL", f"http://127.0.0.1:{refusing_port()}")
    young.live(YOUNG + 1)
    heard = without_alerts(young)
    assert young.files("alerts")
    monkeypatch.delenv("DRIFTLOOP_ALERT_URLS")
    monkeypatch.delenv("DRIFTLOOP_HEARTBEAT_URL")
    settle(deaf.root, monkeypatch).live(YOUNG + 1)
    assert deaf.files() == heard


@pytest.mark.usefixtures("prefect_server")
def test_on_prefect_the_log_says_what_failed_and_no_secret(
    young: World, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = f"json://user:{SECRET}@127.0.0.1:{refusing_port()}/{TOKEN}"
    monkeypatch.setenv("DRIFTLOOP_ALERT_URLS", f"{closed} {SECRET} {web.url}")
    run, link = _tell_in_a_run(young.project)
    (post,) = web.posts
    assert f"Run: {link}" in post.body["message"]
    assert run in link
    logged = _logs(UUID(run), "alert URL number 2 is not understood")
    assert "alert URL number 1 did not accept 1 of 1 messages (ConnectionError)." in logged
    assert not any(secret in logged for secret in (SECRET, TOKEN))


def _tell_in_a_run(project: Project) -> tuple[str, str]:
    from prefect import flow
    from prefect.runtime import flow_run

    @flow
    def tell() -> tuple[str, str]:
        tell_people(project)
        return str(flow_run.id), str(flow_run.ui_url)

    return tell()


def _logs(run: UUID, until: str) -> str:
    """What the server has of a run's log; its lines arrive a moment later."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId

    mine = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run]))
    with get_client(sync_client=True) as client:
        for _ in range(50):
            logged = "\n".join(log.message for log in client.read_logs(log_filter=mine))
            if until in logged:
                return logged
            time.sleep(0.2)
    raise AssertionError(f"{until!r} was never logged: {logged}")
