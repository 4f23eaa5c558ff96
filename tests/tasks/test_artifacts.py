"""Artifacts on a real Prefect server: made inside of a run, read back, never a run's failure."""

import logging
from typing import Any

import pytest

from schemas.project import Project
from tasks.artifacts import publish_night, publish_replay, publish_retrain
from tasks.engine.replay.reproduce import Reproduced
from tasks.store import keys
from tests.building.fixtures import SERVED
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World
from tests.tasks.telling.reading import Seen

NIGHT = keys.night(NAME, day(SERVED), 1)
ENTRY = keys.ledger(NAME, 2)


def _publish_all(project: Project) -> None:
    publish_night(project, NIGHT)
    publish_retrain(project, ENTRY)
    publish_replay(project, Reproduced(4, 2, (), ()), (), None)


def _run(project: Project) -> str:
    """Publish inside of a flow run; its id."""
    from prefect import flow
    from prefect.runtime import flow_run

    @flow
    def tell() -> str:
        _publish_all(project)
        return str(flow_run.id)

    return tell()


def _artifacts(run: str | None = None) -> dict[str, Any]:
    """Artifacts by key, of one run or of all."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        found = client.request("POST", "/artifacts/filter", json={}).json()
    return {one["key"]: one for one in found if run in (None, one["flow_run_id"])}


@pytest.mark.usefixtures("prefect_server")
def test_pages_are_markdown_artifacts_of_their_run(served: World) -> None:
    run = _run(served.project)
    found = _artifacts(run)
    assert set(found) == {f"night-{NAME}", f"retrain-{NAME}", f"replay-{NAME}"}
    assert {one["type"] for one in found.values()} == {"markdown"}
    assert all(one["task_run_id"] for one in found.values())
    night, retrain = found[f"night-{NAME}"], found[f"retrain-{NAME}"]
    decision = served.recorded(SERVED).decision.sentence
    assert (Seen(night["description"]).text, night["data"][:2]) == (decision, "**")
    assert "flowchart TD" in night["data"]
    assert Seen(retrain["data"]).pictures
    assert retrain["description"].startswith(f"Promoted {served.champion}")


@pytest.mark.usefixtures("prefect_server")
def test_outside_of_a_run_nothing_is_made(served: World) -> None:
    before = _artifacts()
    _publish_all(served.project)
    assert _artifacts() == before


@pytest.mark.usefixtures("prefect_server")
def test_a_page_that_cannot_be_made_is_logged_and_the_run_goes_on(
    served: World, caplog: pytest.LogCaptureFixture
) -> None:
    (served.root / "store" / NIGHT).write_text("{")
    served.forget()
    with caplog.at_level(logging.WARNING, "prefect"):
        run = _run(served.project)
    assert set(_artifacts(run)) == {f"retrain-{NAME}", f"replay-{NAME}"}
    [told] = [one.message for one in caplog.records if "could not be made" in one.message]
    assert told.startswith(f"The artifact night-{NAME} could not be made (Damaged: {NIGHT}:")
    assert "\n" not in told


@pytest.mark.usefixtures("prefect_server")
def test_a_server_that_refuses_artifacts_fails_no_run(
    served: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionError("no answer\nfrom the server")

    monkeypatch.setattr("tasks.artifacts.create_markdown_artifact", refuse)
    with caplog.at_level(logging.WARNING, "prefect"):
        run = _run(served.project)
    assert _artifacts(run) == {}
    told = {one.message for one in caplog.records if "could not be made" in one.message}
    assert (
        f"The artifact retrain-{NAME} could not be made "
        "(ConnectionError: no answer from the server)."
    ) in told
