"""`down` ends what the stack started, with what that started, and nothing else."""

import os
import signal
import subprocess
import sys
import time

from deployments.stack import processes
from deployments.stack.environment import mark_of
from deployments.stack.processes import MARK
from tests.deployments.stack.conftest import Local

SLEEPS = "import time; time.sleep(60)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"


def test_it_says_what_it_stopped_and_twice_is_fine(local: Local) -> None:
    local.up()
    pids = {name: local.pid(name) for name in ("server", "worker", "pages")}
    assert local.down() == (
        f"worker (process {pids['worker']})",
        f"Prefect server (process {pids['server']})",
        f"page server (process {pids['pages']})",
    )
    assert local.marked() == {}
    assert local.down() == ()


def test_a_folder_without_a_stack_is_left_as_it_is(local: Local) -> None:
    assert local.down() == ()
    assert not local.folder.exists()


def test_a_flow_run_that_its_killed_worker_left_is_ended_with_its_children(local: Local) -> None:
    local.up()
    env = {**local.env, MARK: mark_of(local.folder), "PREFECT__FLOW_RUN_ID": "a-run"}
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPS!r}])"
    run = processes.spawn([sys.executable, "-c", code], env, local.folder, local.folder / "run.log")
    while len(local.marked()) < 5:
        time.sleep(0.02)
    os.kill(local.pid("worker"), signal.SIGKILL)
    local.up()
    assert run.is_alive()  # it will report by itself
    stopped = local.down()
    assert f"a flow run (process {run.pid})" in stopped
    assert local.marked() == {}


def test_what_does_not_listen_is_killed(local: Local) -> None:
    local.up()
    deaf = subprocess.Popen([sys.executable, "-c", DEAF])
    with deaf:
        time.sleep(0.3)
        assert processes.end([deaf.pid], patience_seconds=0.2) == [deaf.pid]
        assert deaf.wait() == -signal.SIGKILL


def test_strangers_are_left_alone(local: Local) -> None:
    local.up()
    stranger = subprocess.Popen([sys.executable, "-c", SLEEPS], env={**os.environ, MARK: "other"})
    with stranger:
        local.down()
        assert stranger.poll() is None
        stranger.kill()


def test_a_damaged_memory_hides_nothing(local: Local) -> None:
    local.up()
    (local.folder / "stack.json").write_text("{")
    assert len(local.down()) == 3
    assert local.marked() == {}
    assert local.down() == ()
