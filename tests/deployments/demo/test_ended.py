"""The demo is ended before its time: nothing that it started outlives it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deployments.stack.remains import is_up

CALL = "from deployments.cli import main; main()"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_demo_that_is_told_to_end_takes_its_stack_along(
    tmp_path: Path, number: signal.Signals
) -> None:
    root = Path(__file__).parents[3]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DRIFTLOOP_", "PREFECT"))}
    with (tmp_path / "out").open("wb") as out:
        demo = subprocess.Popen(
            [sys.executable, "-c", CALL, "demo"],
            cwd=tmp_path,
            env={**env, "PYTHONPATH": str(root)},
            stdout=out,
            stderr=out,
        )
    told = tmp_path / "out"
    deadline = time.monotonic() + 90
    while b"Live nights" not in told.read_bytes() and time.monotonic() < deadline:
        assert demo.poll() is None, told.read_text()
        time.sleep(0.1)
    assert is_up(tmp_path / ".driftloop"), told.read_text()
    demo.send_signal(number)
    try:
        assert demo.wait(30) == 130, told.read_text()
    finally:
        demo.kill()
        demo.wait()
    assert not is_up(tmp_path / ".driftloop")
    assert "goes on from here" in told.read_text()
    assert "Traceback" not in told.read_text()
