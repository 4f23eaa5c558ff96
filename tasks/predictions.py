"""Tasks on predictions, ours and the service's. The work is `tasks.engine.score`, `.served`."""

from datetime import date

from schemas.project import Project
from tasks.engine import score, served
from tasks.home import home
from tasks.step import step


@step
def score_batch(project: Project, as_of: date, batch: str | None) -> str | None:
    """Predictions for the batch by the champion in service; None when it cannot be scored."""
    return score.score_if_sound(home(), project, as_of, batch)


@step
def ingest_served(project: Project, as_of: date) -> tuple[str, ...]:
    """Commit what the service answered for this night and the newest before it; their keys."""
    return served.ingest_served(home(), project, as_of)
