"""Earlier nights that were delivered late or anew since they were recorded."""

from datetime import date

from schemas.batch import Batch
from schemas.errors import DataUnreadable
from schemas.period import shift
from schemas.project import Project
from tasks.engine.kept_accepted import is_under_rules
from tasks.engine.records import newest
from tasks.engine.standing import night_of
from tasks.store import Store


def find_redelivered(store: Store, project: Project, as_of: date) -> tuple[date, ...]:
    """Of the `recheck` nights before `as_of`, those to be run again.

    Their files differ from what was read, they were refused under another contract or zone, they
    had not come yet (the deadline may have passed since), or a run that was killed took them in and
    did not record them.
    """
    nights = (shift(as_of, -back) for back in range(project.policy.recheck, 0, -1))
    return tuple(night for night in nights if _is_open(store, project, night))


def _is_open(store: Store, project: Project, night: date) -> bool:
    recorded = night_of(store, project.name, night)
    if recorded is None:
        return False
    batch = newest(store, Batch, project.name, night)
    try:
        files = project.source.fingerprint(night)
    except DataUnreadable:  # its own run says so, and refuses it
        is_said = batch is not None and batch[1].refused_since is not None
        return recorded[1].evidence.data != "refused" and not is_said
    if not files or batch is None:
        return bool(files) or recorded[1].evidence.data == "no_data_yet"
    if batch[0] != recorded[1].batch:
        return True
    was_refused = batch[1].status == "refused"
    return batch[1].last_read != files or (was_refused and not is_under_rules(project, batch[1]))
