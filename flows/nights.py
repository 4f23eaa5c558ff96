"""Which nights a run is about where nobody named one. The clock is `flows.clock`."""

from datetime import date

from flows.clock import tonight
from schemas.project import Project
from tasks.engine.standing import committed_as_of, newest_night, nights_to_run
from tasks.home import home


def due_nights(project: Project) -> tuple[date, ...]:
    """Tonight, after up to `policy.catch_up` nights that were missed, oldest first."""
    is_begun = newest_night(home(), project.name) is not None
    newest = committed_as_of(home(), project, tonight(project)) if is_begun else None
    return nights_to_run(newest, tonight(project), project.policy.catch_up)


def newest_or_tonight(project: Project) -> date:
    """The newest committed night, or tonight where there is none."""
    return committed_as_of(home(), project, tonight(project))
