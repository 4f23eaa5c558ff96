"""A writer may be killed at any system call: nothing is half there, and a re-run repairs it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_kill_at_every_system_call_leaves_all_or_nothing(tmp_path: Path) -> None:
    killer = [sys.executable, "-m", "tests.tasks.store.kill_points", str(tmp_path)]
    done = subprocess.run(killer, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60  # every object alone takes nine calls
