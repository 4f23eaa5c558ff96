"""A disk that is really full: nothing half written, all reads go on, and room is all it needs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APART = ["unshare", "--user", "--map-root-user", "--mount"]
SMALL = 'mount -t tmpfs -o size=512k tmpfs "$0" && exec "$@"'


def test_a_full_disk_loses_nothing_and_is_told_by_name(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run([*APART, "true"], check=False).returncode:
        pytest.skip("user namespaces are not allowed here, so no disk can be made to fill")
    filler = [sys.executable, "-m", "tests.faults.full_disk", str(tmp_path)]
    command = [*APART, "sh", "-c", SMALL, str(tmp_path), *filler]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50
