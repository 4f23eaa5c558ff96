"""A search on a project's past nights: model families, then the parameters of its own."""

from datetime import date
from typing import Annotated

from prefect import flow
from prefect.runtime import flow_run
from pydantic import Field

from flows.clock import check_begun
from flows.ending import end
from flows.find import find_project
from flows.naming import run_name
from flows.nights import named_night, newest_or_tonight
from schemas.period import AsOf
from schemas.project import Project
from tasks.artifacts import publish_search
from tasks.engine.search_due import look_at_searches
from tasks.engine.searches import KINDS, Kind, Sought
from tasks.engine.trying import Budget
from tasks.home import home
from tasks.searching import compare_families, search_parameters
from tasks.telling.search_page import end_of_search, no_search_due


@flow(flow_run_name=run_name)
def search(
    project: str,
    as_of: AsOf | None = None,
    trials: Annotated[int, Field(ge=1, le=10_000)] = 30,
    minutes: Annotated[float, Field(gt=0)] = 60,
    only_if_due: bool = False,
) -> tuple[str, ...]:
    """Compare model families and parameters on past nights; it proposes and promotes nothing.

    Args:
        project: The project's name; leave it as it is.
        as_of: The newest night that may be used, as a date in the project's time zone. Leave
            empty for the newest one.
        trials: Sets of parameters to try; the first is the project's own.
        minutes: How long one fit may take before it counts as failed.
        only_if_due: Search only if it is worth its cost. A scheduled run looks in any case.
    """
    found = find_project(project)
    night = named_night(found, as_of) if as_of else newest_or_tonight(found)
    check_begun(found, night)
    is_look = only_if_due or _is_scheduled()
    looks = look_at_searches(home(), found, night) if is_look else {}
    kinds = [kind for kind in KINDS if not is_look or looks[kind].is_due]
    if not kinds:
        return end((), no_search_due(looks))
    sought = {kind: _seek(kind, found, night, Budget(trials, None, minutes)) for kind in kinds}
    publish_search(found, sought)
    stored = tuple(one.key for one in sought.values() if one.key)
    return end(stored, end_of_search(home(), found, sought))


def _is_scheduled() -> bool:
    """By the server's own tag: a schedule's parameters are lost once it was switched off and on."""
    return "auto-scheduled" in (flow_run.tags or ())


def _seek(kind: Kind, project: Project, as_of: date, budget: Budget) -> Sought:
    if kind == "ladder":
        return compare_families(project, as_of, budget.minutes)
    return search_parameters(project, as_of, budget)
