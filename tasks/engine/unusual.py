"""The nights that a new batch is held against. What is unusual of it is `tasks.core.unusual`."""

from datetime import date

from schemas.batch import Batch
from schemas.contract import names_of
from schemas.period import shift
from schemas.project import Project
from tasks.core.unusual import PAST, find_unusual
from tasks.store import Store
from tasks.store.ahead import read_ahead


def note_unusual(store: Store, project: Project, batch: Batch) -> Batch:
    """The batch with what no night before it had; of one that is not accepted nothing is said."""
    if batch.status != "accepted":
        return batch
    past = _sound_before(store, project, batch.as_of)
    features = names_of(project.contract, "feature")
    unusual = find_unusual(batch, past, project.policy.fault_slack, features)
    return batch.model_copy(update={"unusual": unusual})


def _sound_before(store: Store, project: Project, as_of: date) -> list[Batch]:
    """The newest revisions of the nights before it that are accepted, as far back as twice 28."""
    oldest = shift(as_of, -2 * PAST)
    newest = {
        place.as_of: key
        for place, key in store.places("batches", project.name)
        if place.as_of and oldest <= place.as_of < as_of
    }
    read_ahead(store, newest.values(), Batch)
    batches = [store.record(key, Batch) for key in newest.values()]
    return [batch for batch in batches if batch.status == "accepted"][-PAST:]
