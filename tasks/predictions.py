"""Tasks on predictions. The work is `tasks.engine.score`."""

from datetime import date

from schemas.project import Project
from tasks.engine import score
from tasks.home import home
from tasks.step import step


@step
def score_batch(project: Project, as_of: date, batch: str | None) -> str | None:
    """Predictions for the batch by the champion in service; None when it cannot be scored."""
    return score.score_if_sound(home(), project, as_of, batch)
