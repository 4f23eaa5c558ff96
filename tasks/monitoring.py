"""Tasks that watch and decide: the night record. The work is `tasks.engine.commit`."""

from datetime import date

from schemas.night import Night
from schemas.project import Project
from tasks.engine import commit
from tasks.engine.standing import night_of
from tasks.home import home
from tasks.step import step


@step
def decide_night(
    project: Project,
    as_of: date,
    batch: str | None,
    predictions: str | None,
    deadline_passed: bool,
) -> str:
    """Commit the night record with everything that decided; its key."""
    return commit.commit_night(
        home(),
        project,
        as_of,
        data=commit.data_state(home(), batch, deadline_passed),
        batch=batch,
        predictions=predictions,
    )


def read_night(key: str) -> Night:
    """The night record under a key."""
    return home().record(key, Night)


def is_decided_on(project: Project, as_of: date, batch: str) -> bool:
    """Whether the night's record is about this batch; a night without a record has none to revise.

    It is decided when it is run.
    """
    found = night_of(home(), project.name, as_of)
    return found is None or found[1].batch == batch
