"""Which nights a run is about, in the project's periods. The clock is `flows.clock`."""

from datetime import date

from flows.clock import tonight
from schemas.errors import InvalidProject
from schemas.period import counted_in, period_of
from schemas.project import Project
from tasks.engine.standing import committed_as_of, newest_night, nights_to_run
from tasks.engine.unrun import find_unrun
from tasks.home import home


def named_night(project: Project, as_of: date) -> date:
    """The night that a person or a run named, as one of the project's.

    Raises:
        InvalidName: the project counts in other periods.
        InvalidProject: it counts in other periods than its stored nights.
    """
    night = counted_in(project.period, as_of)
    newest_or(project, night)
    return night


def due_nights(project: Project) -> tuple[date, ...]:
    """Tonight, after up to `policy.catch_up` nights that were missed, oldest first."""
    is_begun = newest_night(home(), project.name) is not None
    newest = newest_or(project, tonight(project)) if is_begun else None
    return nights_to_run(newest, tonight(project), project.policy.catch_up)


def unrun_nights(project: Project) -> tuple[date, ...]:
    """Delivered nights that no run has taken up, and that the next one does not make up for."""
    return find_unrun(home(), project, tonight(project))


def newest_or_tonight(project: Project) -> date:
    """The newest committed night, or tonight where there is none."""
    return newest_or(project, tonight(project))


def newest_or(project: Project, otherwise: date) -> date:
    """The newest committed night, or another one where there is none.

    Raises:
        InvalidProject: the project counts in other periods than its stored nights.
    """
    newest = committed_as_of(home(), project, otherwise)
    if period_of(newest) != project.period:
        raise InvalidProject(
            f"{project.name}: its stored nights are {period_of(newest)}s, such as {newest}, and "
            f"its file says period={project.period!r}; give what counts otherwise another name"
        )
    return newest
