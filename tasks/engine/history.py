"""Many past nights in one run: ingested and scored, deciding nothing."""

import sys
from datetime import date

from rich.progress import track

from schemas.period import periods
from schemas.project import Project
from tasks.engine.commit import commit_night, data_state
from tasks.engine.ingest import ingest_batch
from tasks.engine.labels import ingest_labels
from tasks.engine.score import score_if_sound
from tasks.engine.standing import night_of
from tasks.store import Store


def ingest_history(store: Store, project: Project, first: date, last: date) -> tuple[str, ...]:
    """Commit batch, labels, predictions and a record of each night; nights recorded before stay.

    Records are committed in order after all data is in; a run that was cut short is taken up.
    """
    with store.listings.once():
        return _ingest(store, project, first, last)


def _ingest(store: Store, project: Project, first: date, last: date) -> tuple[str, ...]:
    nights = [n for n in periods(first, last) if night_of(store, project.name, n) is None]
    batches = {
        night: ingest_batch(store, project, night)
        for night in track(
            nights, f"{project.name}: history", transient=True, disable=not sys.stdout.isatty()
        )
    }
    ingest_labels(store, project, last, oldest=first)
    return tuple(_record(store, project, night, batch) for night, batch in batches.items())


def _record(store: Store, project: Project, night: date, batch: str | None) -> str:
    return commit_night(
        store,
        project,
        night,
        data=data_state(store, batch, deadline_passed=True),
        batch=batch,
        predictions=score_if_sound(store, project, night, batch),
        history=True,
    )
