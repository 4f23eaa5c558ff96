"""Rows predicted before their outcome: read, proved, scored, committed; then delivered.

The champion is the one that scores the night's batch. Nothing here reaches training, drift or
quality: once the rows come with a night of their own, they are that night's.
"""

from datetime import date
from typing import Any

from schemas.batch import SourceFile
from schemas.errors import (
    Damaged,
    DataUnreadable,
    Declined,
    DriftloopError,
    Missing,
    ModelUnusable,
    NotDelivered,
)
from schemas.period import plain, shift
from schemas.project import Project
from schemas.source import Raw, Source
from schemas.upcoming import Delivered, Upcoming
from tasks.engine.frames import load_frame, save_frame
from tasks.engine.ingest import check_delivery
from tasks.engine.records import newest, next_revision
from tasks.engine.score import score_frame, why_unscorable
from tasks.store import Store, keys
from tasks.store.ledger import champion_at, entries

MODEL_VERSION = "model_version"


def predict_upcoming(store: Store, project: Project, as_of: date) -> str:
    """Predict the rows ahead as of this night, commit what came of it; the key of the record.

    Equal rows under the same champion have no effect. Rows that changed are a new revision.

    Raises:
        Declined: the project declares no upcoming rows.
        DataUnavailable, StoreError: who should know does not answer.
    """
    if project.upcoming is None:
        raise Declined(f"{project.name}: its project file declares no upcoming=")
    before = newest(store, Upcoming, project.name, as_of)
    made = _make(store, project, project.upcoming, as_of, before[1] if before else None)
    if before and _is_same(before[1], made):
        return before[0]
    return _commit(store, made, before[0] if before else None)


def deliver_upcoming(store: Store, project: Project, key: str) -> str:
    """Put committed predictions where the project wants them; the key of the record that says so.

    Where nothing is to be put it is `key`.

    Raises:
        NotDelivered: they are not there; the record stays, and running it again tries again.
    """
    record = store.record(key, Upcoming)
    if project.deliver is None or record.rows is None or record.to is None:
        return key
    rows = load_frame(store, record.rows).assign(**{MODEL_VERSION: record.version})
    rows.insert(0, "as_of", plain(record.as_of))
    try:
        sha256 = project.deliver.put(record.as_of, rows)
    except DriftloopError as error:
        raise NotDelivered(
            f"{project.name}: predictions as of {record.as_of} are stored and not delivered to "
            f"{record.to}: {error}; then driftloop upcoming {project.name} --as-of {record.as_of}"
        ) from error
    delivered = Delivered(to=record.to, sha256=sha256)
    if delivered == record.delivered:
        return key
    return _commit(store, record.model_copy(update={"delivered": delivered}), key)


def _commit(store: Store, record: Upcoming, before: str | None) -> str:
    revision = next_revision(before)
    key = keys.upcoming(record.project, record.as_of, revision)
    store.commit(key, record.model_copy(update={"revision": revision}))
    return key


def _is_same(before: Upcoming, made: Upcoming) -> bool:
    placed = {"revision": before.revision, "delivered": before.delivered}
    return made.model_copy(update=placed).digest == before.model_copy().digest


def _make(
    store: Store, project: Project, source: Source, as_of: date, before: Upcoming | None
) -> Upcoming:
    version = champion_at(entries(store, project.name), as_of)
    record = Upcoming(
        project=project.name,
        as_of=as_of,
        revision=1,
        state="no_champion",
        sentence="No champion yet, so no upcoming row is predicted.",
        contract=project.contract_digest,
        version=version,
        to=project.deliver.told(as_of) if project.deliver else None,
    )
    if version is None:
        return record
    unscorable = why_unscorable(store, project, version)
    if unscorable:
        return _unscorable(record, unscorable)
    try:
        files = source.fingerprint(as_of)
        if before and _holds(store, before, record, files):
            return before
        raw = source.read(as_of)
    except DataUnreadable as error:
        return record.model_copy(update={"state": "refused", "sentence": f"Refused: {error}."})
    if raw is None:
        update = {"state": "no_rows", "sentence": "No upcoming rows were delivered."}
        return record.model_copy(update=update)
    return _predict(store, project, version, record, raw)


def _holds(store: Store, before: Upcoming, now: Upcoming, files: tuple[SourceFile, ...]) -> bool:
    """Whether predicting once more would give the same, of the same files and model."""
    asked = (files, now.contract, now.version, now.to)
    same = (before.files, before.contract, before.version, before.to) == asked
    return same and before.rows is not None and store.exists(before.rows.key)


def _predict(store: Store, project: Project, version: str, record: Upcoming, raw: Raw) -> Upcoming:
    checked, counts, told = check_delivery(store, project, record.as_of, raw, night=None)
    told |= {"counts": counts, "failures": checked.failures}
    if checked.refused:
        return _told(record, told, state="refused", sentence=f"Refused: {checked.refused}.")
    if checked.kept.empty:
        return _told(record, told, state="no_rows", sentence="No upcoming row is left to predict.")
    try:
        ahead = shift(record.as_of, 1)  # these rows come after the night
        scored, unseen = score_frame(store, project, version, checked.kept, ahead)
    except (ModelUnusable, Missing, Damaged) as error:
        return _unscorable(_told(record, told), str(error))
    return _told(
        record,
        told,
        state="predicted",
        sentence=f"{counts.kept:,} of {counts.read:,} upcoming rows predicted.",
        unseen=unseen,
        rows=save_frame(store, project.name, scored),
    )


def _told(record: Upcoming, told: dict[str, Any], **more: Any) -> Upcoming:
    return record.model_copy(update={**told, **more})


def _unscorable(record: Upcoming, why: str) -> Upcoming:
    update = {"state": "unscorable", "sentence": f"Champion cannot score: {why}"}
    return record.model_copy(update=update)
