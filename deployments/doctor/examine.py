"""Checks in order, each within its time and none able to stop another. The checks are beside this.

A check that breaks is a finding as well. Of an error that is not ours only the kind is told, since
its text may hold an address with a password.
"""

import contextvars
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from deployments.doctor.finding import Finding, fail, from_error, skipped
from schemas.errors import DriftloopError


@dataclass(frozen=True)
class Case:
    """What is to be examined: all projects or one; what may be tried beside looking."""

    project: str | None = None
    fires: bool = False
    alerts: bool = False


@dataclass(frozen=True)
class Check:
    """One check, how long it may take, and the check without which it makes no sense."""

    name: str
    look: Callable[[Case], Finding]
    seconds: float = 30
    needs: str | None = None


def examine(case: Case, checks: Sequence[Check]) -> Iterator[tuple[Check, Finding]]:
    """Each check with its finding, as soon as that is known."""
    well: set[str] = set()
    for check in checks:
        if check.needs and check.needs not in well:
            finding = skipped(f"it needs what the line on {check.needs} is about")
        else:
            finding = _within(check, case)
        if finding.state in ("ok", "warn"):
            well.add(check.name)
        yield check, finding


def _within(check: Check, case: Case) -> Finding:
    found: list[Finding] = []
    context = contextvars.copy_context()  # Prefect's settings live there
    # a thread, since nothing else ends a library that waits for ever
    thread = threading.Thread(
        target=lambda: found.append(context.run(_guarded, check, case)), daemon=True
    )
    thread.start()
    thread.join(check.seconds)
    if found:
        return found[0]
    return fail(
        f"no answer within {check.seconds:.0f} s",
        "see whether what it asks for is up and reachable from here, then run it again",
    )


def _guarded(check: Check, case: Case) -> Finding:
    try:
        return check.look(case)
    except DriftloopError as error:
        return from_error(error)
    except Exception as error:  # noqa: BLE001  # whatever broke, the other checks go on
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return fail(
            f"the check itself broke: {type(error).__name__} in {where}",
            "look at what it checks by hand, and report this line",
        )
