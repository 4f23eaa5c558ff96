"""Tasks on rows that are predicted before their outcome. The work is `tasks.engine.upcoming`."""

from datetime import date

from schemas.project import Project
from tasks.engine import upcoming
from tasks.home import home
from tasks.step import step


@step
def predict_upcoming(project: Project, as_of: date) -> str:
    """Commit predictions of the rows ahead as of this night, or why there are none; the key."""
    return upcoming.predict_upcoming(home(), project, as_of)


@step
def deliver_upcoming(project: Project, key: str) -> str:
    """Put committed predictions where the project wants them; the key of the newest record."""
    return upcoming.deliver_upcoming(home(), project, key)
