"""A side of a benchmark in a process of its own: what it printed as JSON, and what it took.

Children of the child count. What the sides do is theirs.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What a process and its children took, and the numbers that it printed."""

    cpu_seconds: float
    peak_megabytes: float
    told: dict[str, float]


def run_child(module: str, *arguments: str) -> Cost:
    """`python -m benchmarks.<module>`; XGBoost's threads sleep while they wait."""
    child = subprocess.Popen(
        [sys.executable, "-m", f"benchmarks.{module}", *arguments],
        stdout=subprocess.PIPE,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )
    told = child.stdout.read() if child.stdout else b""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{module} ended with {child.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.loads(told))
