"""Tasks on batches and labels: from a source into the store. The work is `tasks.engine`."""

from datetime import date

from schemas.project import Project
from tasks.engine import history, ingest, labels, readmit, recheck
from tasks.engine.keeping import erase
from tasks.home import home
from tasks.step import step


@step
def ingest_batch(project: Project, as_of: date) -> str | None:
    """Commit the night's batch; its key, or None while nothing was delivered."""
    return ingest.ingest_batch(home(), project, as_of)


@step
def readmit_batch(project: Project, as_of: date) -> readmit.Readmitted:
    """Prove the night's stored rows again under today's contract; the batch that holds now."""
    return readmit.readmit_batch(home(), project, as_of)


@step
def ingest_labels(project: Project, as_of: date) -> tuple[str, ...]:
    """Commit the labels that have become known by this night; their keys."""
    return labels.ingest_labels(home(), project, as_of)


def find_redelivered(project: Project, as_of: date) -> tuple[date, ...]:
    """The last few nights that were delivered late or anew."""
    return recheck.find_redelivered(home(), project, as_of)


def finish_erasure(project: Project) -> bool:
    """Carry on an erasure that was killed, before anything trains on those rows; mostly none."""
    return erase.finish_erasure(home(), project)


@step
def ingest_history(project: Project, first: date, last: date) -> tuple[str, ...]:
    """Commit many nights in one go; they alert, trigger and promote nothing."""
    return history.ingest_history(home(), project, first, last)
