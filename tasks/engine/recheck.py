"""Earlier nights that were delivered late or anew since they were recorded."""

from datetime import date, timedelta

from schemas.batch import Batch
from schemas.project import Project
from tasks.engine.records import newest
from tasks.engine.standing import night_of
from tasks.store import Store


def find_redelivered(store: Store, project: Project, as_of: date) -> tuple[date, ...]:
    """Of the `recheck` nights before `as_of`, those whose files differ from what was read."""
    nights = (as_of - timedelta(days=back) for back in range(project.policy.recheck, 0, -1))
    return tuple(night for night in nights if _is_redelivered(store, project, night))


def _is_redelivered(store: Store, project: Project, night: date) -> bool:
    if night_of(store, project.name, night) is None:
        return False
    batch = newest(store, Batch, project.name, night)
    files = project.source.fingerprint(night)
    return bool(files) and (batch is None or batch[1].files != files)
