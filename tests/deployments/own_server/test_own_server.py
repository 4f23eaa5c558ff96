"""A team's own Prefect server and work pool: nights by schedule, from the wheel, and a hard day.

The tests stand in order: each goes on where the one before it left the team.
"""

import json
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.ledger import Entry
from tests.building.receivers import Web
from tests.deployments.own_server.conftest import LOGIN, NAME, POOL, Team, wait_for, yesterday

pytestmark = [
    *(pytest.mark.xdist_group("own server"), pytest.mark.timeout(240)),
    *(pytest.mark.slow, pytest.mark.server),
]


def deployment(team: Team, flow: str) -> dict[str, Any]:
    """The deployment of a flow as the server has it."""
    with team.client as client:
        found: dict[str, Any] = client.get(f"/deployments/name/{flow}/{NAME}").json()
    return found


def runs(team: Team, flow: str) -> list[dict[str, Any]]:
    """The runs of a deployment that have begun, oldest first."""
    asked = {
        "sort": "START_TIME_ASC",
        "deployments": {"id": {"any_": [deployment(team, flow)["id"]]}},
        "flow_runs": {"start_time": {"is_null_": False}},
    }
    with team.client as client:
        found: list[dict[str, Any]] = client.post("/flow_runs/filter", json=asked).json()
    return found


def outcome(team: Team, flow: str, number: int) -> tuple[str, str] | None:
    """Type and name of the state that run `number` of a flow ended in; None before."""
    begun = runs(team, flow)
    if len(begun) < number or not begun[number - 1]["end_time"]:
        return None
    state = begun[number - 1]["state"]
    return state["type"], state["name"]


def start(team: Team, flow: str, **parameters: object) -> None:
    """Start a deployment by hand, as the UI does."""
    with team.client as client:
        url = f"/deployments/{deployment(team, flow)['id']}/create_flow_run"
        client.post(url, json={"parameters": parameters}).raise_for_status()


def pause_schedule(team: Team) -> None:
    """What a person switches off in the UI."""
    nightly = deployment(team, "nightly")
    (schedule,) = nightly["schedules"]
    assert schedule["schedule"]["cron"] == "0 2 * * *"
    with team.client as client:
        url = f"/deployments/{nightly['id']}/schedules/{schedule['id']}"
        client.patch(url, json={"active": False}).raise_for_status()


def pause_triggers(team: Team) -> list[str]:
    """The names of the triggers that are paused now."""
    paused = []
    with team.client as client:
        for automation in client.post("/automations/filter", json={}).json():
            if automation["name"].startswith(f"{NAME}: retrain"):
                url = f"/automations/{automation['id']}"
                client.patch(url, json={"enabled": False}).raise_for_status()
                paused.append(automation["name"])
    return sorted(paused)


def test_a_wrong_login_is_said_in_one_sentence(team: Team) -> None:
    refused = team.type("deploy", "--work-pool", POOL, PREFECT_API_AUTH_STRING="team:wrong")
    assert refused.returncode == 75
    assert "PREFECT_API_AUTH_STRING or PREFECT_API_KEY is missing or wrong" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert LOGIN not in refused.stdout + refused.stderr


def test_what_a_person_paused_stays_paused_after_the_next_deploy(team: Team) -> None:
    assert deployment(team, "nightly")["work_pool_name"] == POOL
    pause_schedule(team)
    again = team.type("deploy", "--work-pool", POOL)
    assert again.returncode == 0, again.stderr
    assert [one["active"] for one in deployment(team, "nightly")["schedules"]] == [False]


def test_a_scheduled_night_runs_from_the_wheel_and_asks_for_the_first_champion(
    team: Team, web_server: Web
) -> None:
    days = [str(yesterday() - timedelta(days=back)) for back in (22, 1)]
    loaded = team.type("night", NAME, "--from", days[0], "--to", days[1], "--history")
    assert loaded.returncode == 0, loaded.stderr
    team.deliver(yesterday())
    (team.projects / "hold").touch()
    web_server.clear()
    often = {"schedule": {"interval": 20}, "active": True}
    url = f"/deployments/{deployment(team, 'nightly')['id']}/schedules"
    with team.client as client:
        (added,) = client.post(url, json=[often]).json()
        wait_for(lambda: runs(team, "nightly"))
        client.delete(f"{url}/{added['id']}").raise_for_status()
    assert wait_for(lambda: outcome(team, "nightly", 1)) == ("COMPLETED", "Retrain due")
    (night,) = runs(team, "nightly")
    assert night["auto_scheduled"]
    assert night["name"] == f"{NAME} {yesterday()}"
    assert yesterday() in [place.as_of for place, _ in team.store.places("nights", NAME)]


def test_a_killed_retrain_crashes_and_somebody_is_told(team: Team, web_server: Web) -> None:
    note = team.projects / "fitting"
    wait_for(note.exists)
    pid, families = note.read_text().split(" ", 1)
    assert Path(families) == team.folder / "site" / "tasks" / "families"
    os.kill(int(pid), signal.SIGKILL)
    assert wait_for(lambda: outcome(team, "retrain", 1)) == ("CRASHED", "Crashed")
    assert not list(team.store.places("judgements", NAME))
    crashed = runs(team, "retrain")[0]["id"]
    told = wait_for(lambda: [post for post in web_server.posts if crashed in post.body["message"]])
    assert len(told) == 1


def test_with_its_trigger_paused_the_next_run_carries_it_out_once(team: Team) -> None:
    (team.projects / "hold").unlink()
    assert pause_triggers(team) == [f"{NAME}: retrain on drift", f"{NAME}: retrain when due"]
    start(team, "nightly", project=NAME, as_of=str(yesterday()))
    assert wait_for(lambda: outcome(team, "nightly", 2)) == ("COMPLETED", "Retrain due")
    assert len(runs(team, "retrain")) == 1, "no trigger, and still it was done"
    moves = [team.store.record(key, Entry) for _, key in team.store.places("ledger", NAME)]
    assert [entry.action for entry in moves] == ["promote"]
    start(team, "retrain", project=NAME, cause="event")
    assert wait_for(lambda: outcome(team, "retrain", 2)) == ("COMPLETED", "Nothing due")
    assert len(list(team.store.places("ledger", NAME))) == 1


def test_the_doctor_finds_what_is_switched_off_and_once_it_is_on_fires_an_event(team: Team) -> None:
    pause_schedule(team)
    pause_triggers(team)
    before = len(runs(team, "retrain"))
    seen = team.type("doctor", "--project", NAME, "--json")
    found = {line["check"]: line for line in json.loads(seen.stdout)}
    assert seen.returncode == 0, seen.stdout
    assert {name for name, line in found.items() if line["state"] == "warn"} >= {
        "schedules",
        "triggers",
    }
    assert found["worker"]["state"] == found["lost runs"]["state"] == "ok", seen.stdout
    typed = [team.start(*step.split()[1:]) for step in found["triggers"]["steps"]]
    assert [one.wait(60) for one in typed] == [0, 0]
    asked = team.type("doctor", "--project", NAME, "--fire")
    assert asked.returncode == 0, asked.stdout
    event = f"a test event made a run of retrain/{NAME}, which found nothing due"
    assert event in asked.stdout, asked.stdout
    assert LOGIN not in seen.stdout + asked.stdout + asked.stderr
    assert outcome(team, "retrain", before + 1) == ("COMPLETED", "Nothing due")
