"""Tasks of a search: families compared, parameters tried, each committed with what it found.

The commands `driftloop ladder` and `driftloop tune` call the same functions. The work is
`tasks.engine.ladder` and `tasks.engine.tuning`, its record in words `tasks.telling`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date

from prefect.context import FlowRunContext
from prefect.logging import get_run_logger

from schemas.errors import Declined, NotYet
from schemas.project import Project
from schemas.search import Search
from tasks.engine.ladder import climb, plan_climb
from tasks.engine.searches import Sought, commit_search
from tasks.engine.trying import Budget
from tasks.engine.tuning import plan_tuning, tune
from tasks.home import home
from tasks.step import step
from tasks.store import keys
from tasks.telling.ladders import record_ladder
from tasks.telling.tunings import record_tuning

Watch = Callable[[int], AbstractContextManager[Callable[[str], None]]]
"""Given how many fits there are at most, a block that hears of each."""


@step
def compare_families(project: Project, as_of: date, minutes: float) -> Sought:
    """Compare the project's ladder on its past nights."""
    return _seek(lambda: make_ladder(project, as_of, minutes, _logged))


@step
def search_parameters(project: Project, as_of: date, budget: Budget) -> Sought:
    """Search the parameters of the project's own family on its past nights."""
    return _seek(lambda: make_tuning(project, as_of, budget, _logged))


def make_ladder(project: Project, as_of: date, minutes: float, watch: Watch) -> Search:
    """Plan, fit and judge every family, commit.

    Raises:
        NotYet: there are too few labelled nights.
        ModelUnusable: the features cannot be made, nothing can judge, or every family failed.
    """
    planned = plan_climb(home(), project, as_of, minutes)
    with watch(planned.fits) as tell:
        climbed = climb(planned, time.perf_counter, tell)
    return commit_search(
        home(), project.name, as_of, lambda number: record_ladder(climbed, as_of, number)
    )


def make_tuning(project: Project, as_of: date, budget: Budget, watch: Watch) -> Search:
    """Plan, try parameters, commit; killed before, the same call goes on.

    Raises:
        Declined: the family has no parameters to vary, or another process makes this search.
        NotYet: there are too few labelled nights.
        ModelUnusable: the features cannot be made, nothing can judge, or every trial failed.
    """
    planned = plan_tuning(home(), project, as_of, budget)
    with watch(planned.fits) as tell:
        return tune(
            planned,
            time.perf_counter,
            tell,
            lambda outcome: commit_search(
                home(), project.name, as_of, lambda number: record_tuning(outcome, as_of, number)
            ),
        )


def _seek(make: Callable[[], Search]) -> Sought:
    """What the project's state does not allow is an answer here, no failed run."""
    try:
        made = make()
    except (Declined, NotYet) as error:
        return Sought(None, str(error))
    return Sought(keys.search(made.project, made.as_of, made.number))


@contextmanager
def _logged(fits: int) -> Iterator[Callable[[str], None]]:
    """Each tenth of the fits is a line of the run's log; outside of a run nobody watches."""
    done = 0

    def tell(_: str) -> None:
        nonlocal done
        done += 1
        if done * 10 // fits > (done - 1) * 10 // fits:
            get_run_logger().info("%d of %d fits", done, fits)

    yield tell if FlowRunContext.get() else lambda _: None
