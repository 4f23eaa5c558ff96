"""The first weeks of a hard year, run by an older version of driftloop: its records must serve on.

The version is a commit of this repository; its source is laid out beside and run with the packages
of today.
"""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.year.plan import FIRST, HISTORY_TO, OLDER_TO

COMMIT = "2e9421108f8d1a48c74e3279c08c6c9a2cb5caea"
"""The last one whose stores were folders only."""
_ROOT = Path(__file__).parents[2]


def run_older(folder: Path, store: Path) -> None:
    """History, first champion and a week of nights into `store`, by the older version."""
    source = folder / "older"
    source.mkdir()
    archive = subprocess.run(
        ["git", "-C", str(_ROOT), "archive", COMMIT], capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(source)], input=archive.stdout, check=True)
    for words in (
        ["night", "flights", "--from", str(FIRST), "--to", str(HISTORY_TO), "--history"],
        ["retrain", "flights", "--as-of", str(HISTORY_TO)],
        ["night", "flights", "--from", _after(), "--to", str(OLDER_TO)],
    ):
        _type(source, store, words)


def _after() -> str:
    return str(HISTORY_TO.replace(day=HISTORY_TO.day + 1))


def _type(source: Path, store: Path, words: list[str]) -> None:
    environment = {**os.environ, "PYTHONPATH": str(source), "DRIFTLOOP_STORE": store.as_uri()}
    main = "from deployments.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", main, *words],
        cwd=source,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the older version failed at {words}: {done.stderr[-1000:]}")
