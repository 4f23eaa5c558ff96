"""What the team's service answered for a night's rows, settled and committed.

Realised quality is judged on it (`tasks.engine.outcomes`); the log is the project's `served=`.
"""

from datetime import date

from schemas.batch import Batch, SourceFile
from schemas.contract import name_of
from schemas.errors import DataUnreadable
from schemas.period import shift
from schemas.predictions import Predictions
from schemas.project import Project
from schemas.served import Served, ServedRows
from schemas.service import Logged, ServedLog
from tasks.core.answers import Answers, measure_skew, settle_answers
from tasks.engine.frames import load_frame, save_frame
from tasks.engine.records import newest, newest_by_night, next_revision
from tasks.store import Store, keys

_OWN_INSTEAD = "quality is judged on our own scoring"


def ingest_served(store: Store, project: Project, as_of: date) -> tuple[str, ...]:
    """Commit the service's answers for the newest nights, up to this one; keys of new revisions.

    Looked at are nights whose labels are not complete yet, and the newest `recheck` before them:
    a log may be late, or be written anew.

    Raises:
        DataUnavailable, StoreError: who has the log does not answer.
    """
    if project.served is None:
        return ()
    oldest = shift(as_of, -project.label_delay - project.policy.recheck)
    nights = newest_by_night(store, Batch, project.name)
    found = [
        _ingest_night(store, project, project.served, batch)
        for night, (_, batch) in nights.items()
        if oldest <= night <= as_of and batch.status == "accepted"
    ]
    return tuple(key for key in found if key)


def served_of(store: Store, project: Project, batch: Batch) -> Served | None:
    """The answers for this very batch, or why there are none; None when nobody looked."""
    found = newest(store, Served, project.name, batch.as_of) if project.served else None
    return found[1] if found and found[1].batch == batch.id else None


def _ingest_night(store: Store, project: Project, log: ServedLog, batch: Batch) -> str | None:
    night = batch.as_of
    before = newest(store, Served, project.name, night)
    scored = newest(store, Predictions, project.name, night)
    compared = scored[0] if scored and scored[1].batch == batch.id else None
    record = Served(
        project=project.name,
        as_of=night,
        revision=next_revision(before[0] if before else None),
        batch=batch.id,
        files=(),
        scored=compared,
        told=ServedRows(
            state="absent", sentence=f"No log: {_OWN_INSTEAD}.", tolerance=log.tolerance
        ),
    )
    try:
        files = log.fingerprint(night)
        if before and _is_as_read(before[1], record, files):
            return None
        logged = log.read(night)
        made = record if logged is None else _settle(store, project, batch, record, logged)
    except DataUnreadable as error:
        made = _without_rows(record, "refused", f"Refused: {error}")
    if before and made.told == before[1].told and _is_as_read(before[1], made, made.files):
        return None
    key = keys.served(project.name, night, made.revision)
    store.commit(key, made)
    return key


def _is_as_read(before: Served, now: Served, files: tuple[SourceFile, ...]) -> bool:
    """Whether the same files are held against the same rows."""
    then = (before.files, before.batch, before.scored, before.told.tolerance)
    return then == (files, now.batch, now.scored, now.told.tolerance)


def _without_rows(record: Served, state: str, why: str) -> Served:
    told = {"state": state, "sentence": f"{why}; {_OWN_INSTEAD}."}
    return record.model_copy(update={"told": record.told.model_copy(update=told)})


def _settle(store: Store, project: Project, batch: Batch, record: Served, logged: Logged) -> Served:
    if batch.rows is None:
        raise ValueError(f"{batch.as_of}: an accepted batch has rows")
    key = name_of(project.contract, "key")
    keys_of_rows = load_frame(store, batch.rows, [key])[key]
    answers = settle_answers(logged.frame, keys_of_rows, project.task)
    counted = ("read", "contradictory", "invalid", "repeated", "unknown")
    update = {name: getattr(answers, name) for name in counted}
    told = record.told.model_copy(update=update)
    record = record.model_copy(update={"files": logged.files, "told": told})
    if answers.outside:
        outside = f"{answers.outside:,} of {answers.read:,} predictions lie outside of 0 to 1"
        return _without_rows(record, "refused", f"Refused: {outside}")
    if answers.rows.empty:
        none = f"None of the log's {answers.read:,} rows answers one of this night"
        return _without_rows(record, "unmatched", none)
    return _known(store, project, record, answers, len(keys_of_rows))


def _known(store: Store, project: Project, record: Served, answers: Answers, rows: int) -> Served:
    kept = len(answers.rows)
    update: dict[str, object] = {
        "state": "known",
        "sentence": f"{kept:,} of {rows:,} rows answered ({kept / rows:.1%}).",
        "kept": kept,
        "coverage": kept / rows,
    }
    if record.scored:
        own = store.record(record.scored, Predictions)
        frame = load_frame(store, own.rows)
        skew = measure_skew(answers.rows, frame, own.version, record.told.tolerance)
        update |= vars(skew)
    return record.model_copy(
        update={
            "told": record.told.model_copy(update=update),
            "rows": save_frame(store, project.name, answers.rows),
        }
    )
