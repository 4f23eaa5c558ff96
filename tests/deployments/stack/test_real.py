"""The stack for real: a Prefect server, a process worker and the page server, a flow run on them.

What `up` and `down` do in every odd case is shown with stand-ins, in the modules beside this one.
"""

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from deployments.stack import processes
from deployments.stack.asking import ask
from deployments.stack.parts import POOL
from tests.deployments.stack import sleeper
from tests.deployments.stack.conftest import SECRET, Local

pytestmark = [
    *(pytest.mark.xdist_group("stack"), pytest.mark.timeout(240)),
    *(pytest.mark.slow, pytest.mark.server),
]


@pytest.fixture
def running(real: Local) -> Local:
    """The real stack, up."""
    real.up()
    return real


def state_of(local: Local, run: str) -> str:
    """A flow run's state as the server knows it."""
    return str(_get(local, f"/api/flow_runs/{run}")["state"]["type"])


def begin_run(local: Local, note: Path) -> str:
    """The id of a flow run that the worker has begun."""
    flow = _post(local, "/api/flows/", {"name": "sleeper"})["id"]
    entrypoint = f"{sleeper.__name__}.sleeper"
    told = {"name": "x", "flow_id": flow, "entrypoint": entrypoint, "work_pool_name": POOL}
    deployment = _post(local, "/api/deployments/", told)["id"]
    told = {"parameters": {"note": str(note), "seconds": 120}, "state": {"type": "SCHEDULED"}}
    run = _post(local, f"/api/deployments/{deployment}/create_flow_run", told)["id"]
    _wait_for(note.exists)
    return str(run)


def test_the_server_is_ours_quiet_and_on_loopback(running: Local) -> None:
    stack = running.state.stack(running.folder)
    settings = _get(running, "/api/admin/settings")
    assert settings["home"] == str(running.folder / "prefect")
    server = settings["server"]
    assert server["analytics_enabled"] is False
    assert server["ui"]["show_promotional_content"] is False
    assert set(server["services"]["db_vacuum"]["enabled"]) == {"events", "flow_runs", "orphans"}
    assert settings["ui_url"] == stack.ui_url
    listening = [line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = {f"{port:04X}" for port in (stack.api_port, stack.pages_port)}
    addresses = {a.split(":")[0] for a, _, state in listening if state == "0A" and a[-4:] in ports}
    assert addresses == {"0100007F"}


def test_settings_reach_the_parts_as_environment_and_secrets_the_worker_alone(
    running: Local,
) -> None:
    for part, process in running.state.parts.items():
        words = Path(f"/proc/{process.pid}/cmdline").read_text().split("\0")
        env = dict(
            pair.partition("=")[::2]
            for pair in Path(f"/proc/{process.pid}/environ").read_text().split("\0")
        )
        assert SECRET not in " ".join(words)
        assert (SECRET in env.values()) == (part == "worker")
        assert "another-server's" not in env.values()
        assert env["DRIFTLOOP_STORE"] == running.env["DRIFTLOOP_STORE"]
        assert env["DRIFTLOOP_REPORTS_URL"] == running.state.stack(running.folder).pages_url
        for name in ("CACHE", "LANDING", "DATA"):
            assert Path(env[f"DRIFTLOOP_{name}"]).is_absolute()
    assert not any(SECRET in log.read_text() for log in (running.folder / "logs").iterdir())


def test_a_worker_of_before_serves_a_server_that_was_killed(running: Local) -> None:
    before = running.state.stack(running.folder)
    os.kill(running.pid("server"), signal.SIGKILL)
    _wait_for(lambda: processes.started(running.pid("server")) is None)
    assert running.up() == before
    assert _workers(running) == ["ONLINE"]


def test_runs_whose_process_died_with_everything_else_are_crashed_after_the_next_up(
    running: Local, tmp_path: Path
) -> None:
    run = begin_run(running, tmp_path / "note")
    assert state_of(running, run) == "RUNNING"
    for pid in running.marked():
        os.kill(pid, signal.SIGKILL)
    _wait_for(lambda: not running.marked())
    running.up()
    assert "Flow runs whose process is gone, now marked as crashed: 1" in running.told
    assert state_of(running, run) == "CRASHED"
    assert _workers(running) == ["ONLINE"]


def test_down_notes_the_end_of_a_run_and_leaves_no_process(running: Local, tmp_path: Path) -> None:
    note = tmp_path / "note"
    run = begin_run(running, note)
    assert f"DRIFTLOOP_ALERT_URLS={SECRET}" in note.read_text()
    stopped = running.down()
    assert any(text.startswith("a flow run") for text in stopped)
    assert running.marked() == {}
    database = (running.folder / "prefect" / "prefect.db").as_uri() + "?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        found = connection.execute("select state_type from flow_run where id = ?", (run,))
        assert found.fetchall() == [("CRASHED",)]


def _get(local: Local, path: str) -> Any:
    return _answer(local, path)


def _post(local: Local, path: str, body: object) -> Any:
    return _answer(local, path, body)


def _answer(local: Local, path: str, body: object = None) -> Any:
    """What the server says, asked again while other tests keep the machine busy."""
    deadline = time.monotonic() + 60
    while (answer := ask("127.0.0.1", local.state.api_port, path, body)) is None:
        assert time.monotonic() < deadline, path
        time.sleep(0.1)
    return answer


def _workers(local: Local) -> list[str]:
    found = _post(local, f"/api/work_pools/{POOL}/workers/filter", {})
    return [worker["status"] for worker in found]


def _wait_for(holds: Any) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
