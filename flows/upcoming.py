"""Predictions before the outcome: the rows ahead as of a night, scored, stored and delivered."""

from datetime import date

from prefect import flow

from flows.clock import check_begun
from flows.ending import end
from flows.find import find_project
from flows.naming import run_name
from flows.nights import named_night, newest_or_tonight
from schemas.period import AsOf
from schemas.project import Project
from tasks.engine.alone import alone
from tasks.home import home
from tasks.telling.states import end_of_upcoming
from tasks.upcoming import deliver_upcoming, predict_upcoming


@flow(flow_run_name=run_name)
def upcoming(project: str, as_of: AsOf | None = None) -> str:
    """Predict the upcoming rows as of a night and deliver them; the same again has no effect.

    Args:
        project: The project's name; leave it as it is.
        as_of: The night, as a date in the project's time zone. Leave empty for the newest one.
    """
    found = find_project(project)
    night = named_night(found, as_of) if as_of else newest_or_tonight(found)
    check_begun(found, night)
    with alone(project):
        key = predict_ahead(found, night)
    return end(key, end_of_upcoming(home(), key))


def predict_ahead(project: Project, as_of: date) -> str:
    """Predict and deliver; the key of the newest record."""
    return deliver_upcoming(project, predict_upcoming(project, as_of))
