"""The nights of a published fit by the very revisions that it was trained on, ready to be read.

The list itself is `tasks.engine.training_set`; nights for a new fit are `tasks.engine.usable`.
"""

from collections.abc import Sequence

from schemas.batch import Batch
from schemas.errors import Damaged, Missing
from schemas.labels import Labels
from schemas.model import Fit, TrainedNight
from schemas.project import Project
from tasks.engine.past import Known
from tasks.engine.training_set import read_training_set
from tasks.engine.usable import UsableNight
from tasks.store import Store, keys
from tasks.store.ahead import read_ahead


def trained_nights(
    store: Store, project: Project, fit: Fit, newest: int | None = None
) -> tuple[UsableNight, ...]:
    """All nights of the fit in order, or the newest so many.

    What their rows look back at is taken from the same revisions, and from today's for nights that
    the fit itself does not know.

    Raises:
        Missing, Damaged: a revision is gone, or is not the one that was recorded.
    """
    listed = read_training_set(store, fit)
    if listed.nights is None:
        raise Missing(f"the nights that it was trained on are {listed.gap}")
    nights = listed.nights[-newest:] if newest else listed.nights
    batches, labels = _batches(store, project, nights), _labels(store, project, nights)
    known = Known(store, project.name, {batch.as_of: batch for batch in batches})
    return tuple(
        UsableNight(batch.as_of, batch, label, known, known.before(project, batch.as_of))
        for batch, label in zip(batches, labels, strict=True)
    )


def _batches(store: Store, project: Project, nights: Sequence[TrainedNight]) -> list[Batch]:
    found = [keys.batch(project.name, night.night, night.batch) for night in nights]
    read_ahead(store, found, Batch)
    records = [store.record(key, Batch) for key in found]
    for key, night, record in zip(found, nights, records, strict=True):
        _check(key, night.batch_id, record.id)
    return records


def _labels(store: Store, project: Project, nights: Sequence[TrainedNight]) -> list[Labels]:
    found = [keys.labels(project.name, night.night, night.labels) for night in nights]
    read_ahead(store, found, Labels)
    records = [store.record(key, Labels) for key in found]
    for key, night, record in zip(found, nights, records, strict=True):
        _check(key, night.labels_id, record.id)
    return records


def _check(key: str, recorded: str, found: str) -> None:
    if found != recorded:
        raise Damaged(f"{key} is {found[:12]} now, and was {recorded[:12]} when it was trained on")
