"""A message about a run that failed or crashed, started by an event of Prefect's own."""

from datetime import date

from prefect import flow
from prefect.utilities.urls import url_for

from flows.ending import end
from flows.find import find_project
from schemas.period import parse
from tasks.alerts import tell_failure
from tasks.telling.states import Ending


@flow(flow_run_name="{project} {flow_name}")
def alarm(project: str, flow_name: str, run: str, state: str, run_id: str = "") -> None:
    """Tell people that a run of this project failed or crashed.

    Args:
        project: The project's name; leave it as it is.
        flow_name: The flow that failed.
        run: The name of its run.
        state: The state in which it ended.
        run_id: The id of its run, from which its address is made.
    """
    link = url_for("flow-run", obj_id=run_id) if run_id else None
    tell_failure(find_project(project), flow_name, _night_in(run), state, link)
    return end(None, Ending("Told", f"{flow_name} {run}: {state}"))


def _night_in(run: str) -> date | None:
    """The night that the run's name ends with; None where it names none."""
    try:
        return parse(run.rpartition(" ")[2])
    except ValueError:
        return None
