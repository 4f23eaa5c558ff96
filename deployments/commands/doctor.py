"""The command that looks at everything a night needs."""

import logging
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.commands.options import Json

if TYPE_CHECKING:
    from deployments.doctor.finding import Finding

_NOT_WELL = 4


def doctor(
    *,
    project: Annotated[
        str | None, Parameter(help="Look at this project alone; by default at all.")
    ] = None,
    fire: Annotated[
        bool, Parameter(negative="", help="Send a test event on Prefect and await its run.")
    ] = False,
    alert: Annotated[
        bool, Parameter(negative="", help="Send a test message to every alert URL.")
    ] = False,
    json: Json = False,
) -> None:
    """Look at store, machine, Prefect and alerts: a line each, and what to do; exit 4 on a FAIL.

    It writes a few small objects into the store and removes them again; all else it only reads.
    """
    from deployments.printing import print_json

    found = []
    for name, finding in _examine(project, fire=fire, alert=alert):
        found.append((name, finding))
        if not json:
            _print(name, finding)
    if json:
        print_json([finding.as_json(name) for name, finding in found])
    if any(finding.state == "FAIL" for _, finding in found):
        sys.exit(_NOT_WELL)


def _examine(project: str | None, *, fire: bool, alert: bool) -> Iterator[tuple[str, "Finding"]]:
    from deployments.doctor.checks import CHECKS
    from deployments.doctor.examine import Case, examine

    log = logging.getLogger("driftloop")
    level = log.level
    log.setLevel(logging.ERROR)  # what the store's retries would warn of is what the lines say
    try:
        for check, finding in examine(Case(project, fire, alert), CHECKS):
            yield check.name, finding
    finally:
        log.setLevel(level)


def _print(name: str, finding: "Finding") -> None:
    from deployments.printing import clean

    print(f"{finding.state:<8}{name:<15}{clean(finding.saw)}", flush=True)
    for step in finding.steps:
        print(f"{'':<8}{'':<15}next: {clean(step)}", flush=True)


COMMANDS = {"doctor": doctor}
