"""What a run is called in lists: project and night, "flights 2013-03-10"."""

from collections.abc import Callable
from datetime import date
from typing import Any

from prefect.runtime import flow_run

from flows.clock import tonight
from flows.find import find_project
from flows.nights import newest_or_tonight
from schemas.errors import DriftloopError
from schemas.period import counted_in, parse
from schemas.project import Project


def run_name() -> str:
    """The project and the night that this run is about, also where the form left it empty."""
    return _name(newest_or_tonight)


def run_night() -> str:
    """The same for a nightly run, which is about last night."""
    return _name(tonight)


def _name(default: Callable[[Project], date]) -> str:
    parameters: dict[str, Any] = flow_run.parameters
    project, as_of = parameters.get("project"), parameters.get("as_of")
    try:
        found = find_project(str(project))
        night = counted_in(found.period, parse(str(as_of))) if as_of else default(found)
    except (DriftloopError, ValueError):  # the flow itself says what is wrong
        return f"{project} {as_of}" if as_of else str(project)
    return f"{project} {night}"
