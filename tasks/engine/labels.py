"""Labels that have become known by a night. How they are delivered is the source's business."""

import logging
from datetime import date
from typing import Any

import pandas as pd

from schemas.batch import Batch
from schemas.contract import name_of, target_of
from schemas.errors import DataUnreadable
from schemas.labels import Labels
from schemas.period import shift
from schemas.project import Project
from schemas.record import ObjectRef, digest_of
from schemas.source import Raw
from tasks.core.labelling import settle_labels
from tasks.engine.frames import load_frame, save_frame
from tasks.engine.records import newest, newest_by_night, next_revision
from tasks.store import Store, keys

_log = logging.getLogger("driftloop")
_SHOWN = 20


def ingest_labels(
    store: Store, project: Project, as_of: date, oldest: date | None = None
) -> tuple[str, ...]:
    """Commit the labels of nights whose delay has passed and return the keys of new revisions.

    Looked at are nights with a batch and without complete labels, as far back as `oldest` (by
    default `max_age` nights), and the newest `recheck` mature nights, in case of corrections.
    """
    committed = []
    for night in _nights_to_look_at(store, project, as_of, oldest):
        key = _ingest_night(store, project, night, as_of if oldest is None else None)
        if key:
            committed.append(key)
    return tuple(committed)


def is_complete(labels: Labels, batch: Batch, project: Project) -> bool:
    """Whether enough of the batch's rows have their label for the night to count as mature.

    A word that is no class any more is no label.
    """
    kept = labels.kept
    if project.classes and labels.classes is not None:
        kept = sum(labels.classes.get(name, 0) for name in project.classes)
    return kept >= project.policy.label_coverage * batch.counts.kept > 0


def _nights_to_look_at(
    store: Store, project: Project, as_of: date, oldest: date | None
) -> list[date]:
    newest_mature = shift(as_of, -project.label_delay)
    oldest = oldest or shift(newest_mature, -project.policy.max_age)
    recheck = shift(newest_mature, -project.policy.recheck)
    labels = newest_by_night(store, Labels, project.name)
    nights = []
    for night, (_, batch) in newest_by_night(store, Batch, project.name).items():
        if night > newest_mature or batch.status != "accepted":
            continue
        known = labels.get(night)
        is_open = known is None or not is_complete(known[1], batch, project)
        if (is_open and night >= oldest) or night > recheck:
            nights.append(night)
    return nights


def _ingest_night(store: Store, project: Project, night: date, known: date | None) -> str | None:
    raw, unusable = read_labels(project, night)
    if unusable:
        _log.warning("%s: labels of %s are left out: %s", project.name, night, unusable)
    before = newest(store, Labels, project.name, night)
    batch = newest(store, Batch, project.name, night)
    if raw is None or batch is None:
        return None
    if before and (before[1].files, before[1].batch) == (raw.files, batch[1].id):
        return None
    labels = _settle(store, project, night, raw, batch[1])
    if before and before[1].id == labels.id:
        return None
    revision = next_revision(before[0] if before else None)
    key = keys.labels(project.name, night, revision)
    store.commit(key, labels.model_copy(update={"revision": revision, "known": known}))
    return key


def read_labels(project: Project, night: date) -> tuple[Raw | None, str | None]:
    """What was delivered as the night's labels, if anything; without it, why that is no use."""
    try:
        raw = project.source.read_labels(night)
    except DataUnreadable as error:
        return None, str(error)
    there = () if raw is None else tuple(raw.frame.columns)
    missing = {name_of(project.contract, "key"), project.target} - set(there)
    if raw is not None and missing:
        what, only = ", ".join(sorted(missing)), ", ".join(map(str, there[:_SHOWN])) or "none"
        return None, f"the source gives no column {what}, only {only}"
    return raw, None


def _settle(store: Store, project: Project, night: date, raw: Raw, batch: Batch) -> Labels:
    """Keep one valid label for each row of the batch."""
    key = name_of(project.contract, "key")
    if batch.rows is None:
        raise ValueError(f"{night}: an accepted batch has rows")
    keys_of_rows = load_frame(store, batch.rows, [key])[key]
    settled = settle_labels(raw.frame, keys_of_rows, target_of(project.contract), project.task)
    saved = save_frame(store, project.name, settled.rows)
    return Labels(
        project=project.name,
        as_of=night,
        revision=1,
        id=labels_id(project.name, night, batch.id, saved, settled.contradictory),
        batch=batch.id,
        files=raw.files,
        read=settled.read,
        kept=len(settled.rows),
        contradictory=settled.contradictory,
        invalid=settled.invalid,
        repeated=settled.repeated,
        unknown=settled.unknown,
        failures=settled.failures,
        rows=saved,
        **told_of(settled.rows[project.target]),
    )


def told_of(target: "pd.Series[Any]") -> dict[str, Any]:
    """What a record of labels says of their values."""
    if str(target.dtype) == "str":
        counts = target.value_counts().sort_index()
        classes = {str(name): int(rows) for name, rows in counts.items()}
        return {"target_min": None, "target_max": None, "classes": classes}
    return {
        "target_min": None if target.empty else float(target.min()),
        "target_max": None if target.empty else float(target.max()),
    }


def labels_id(project: str, night: date, batch: str, rows: ObjectRef, contradictory: int) -> str:
    """Equal labels of an equal batch are the same, whatever their files looked like."""
    return digest_of([project, str(night), batch, rows.sha256, contradictory])
