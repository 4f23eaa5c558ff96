"""The nights of a published fit by the very revisions that it was trained on, ready to be read.

The list itself is `tasks.engine.training_set`; nights for a new fit are `tasks.engine.usable`.
"""

from collections.abc import Sequence
from typing import TypeVar

from schemas.batch import Batch
from schemas.errors import Damaged, Missing
from schemas.labels import Labels
from schemas.model import Fit
from schemas.project import Project
from tasks.engine.past import Known
from tasks.engine.training_set import read_training_set
from tasks.engine.usable import UsableNight
from tasks.store import Store, keys
from tasks.store.ahead import read_ahead

R = TypeVar("R", Batch, Labels)


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
    name = project.name
    batches = _records(
        store, Batch, [(keys.batch(name, n.night, n.batch), n.batch_id) for n in nights]
    )
    labels = _records(
        store, Labels, [(keys.labels(name, n.night, n.labels), n.labels_id) for n in nights]
    )
    known = Known(store, project.name, {batch.as_of: batch for batch in batches})
    return tuple(
        UsableNight(batch.as_of, batch, label, known, known.before(project, batch.as_of))
        for batch, label in zip(batches, labels, strict=True)
    )


def _records(store: Store, cls: type[R], pinned: Sequence[tuple[str, str]]) -> list[R]:
    """The records under these keys, each of which must have the id beside it."""
    read_ahead(store, [key for key, _ in pinned], cls)
    records = []
    for key, recorded in pinned:
        record = store.record(key, cls)
        if record.id != recorded:
            raise Damaged(
                f"{key} is {record.id[:12]} now, and was {recorded[:12]} when it was trained on"
            )
        records.append(record)
    return records
