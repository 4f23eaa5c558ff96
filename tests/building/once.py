"""What takes long to build is built once a session, whoever asks for it first.

A session's fixture is not enough: each of xdist's processes, and each conftest that imports it, has
one of its own.
"""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def built_once(request: pytest.FixtureRequest, name: str, build: Callable[[Path], object]) -> Path:
    """The folder of this name, built by whoever comes first; the others wait, and read it only."""
    shared: Path = request.getfixturevalue("tmp_path_factory").getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    root, done = shared / f"once-{name}", shared / f"once-{name}.done"
    with (shared / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            root.mkdir()
            build(root)
            done.touch()
    return root
