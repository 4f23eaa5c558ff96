"""What true outcomes say once they are known: the champion's realised quality, faults in labels.

Committing labels is `tasks.engine.labels`; the rules are `tasks.core.quality` and `.faults`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from schemas.batch import Batch
from schemas.contract import name_of
from schemas.labels import Labels
from schemas.model import Card
from schemas.monitoring import Fault, NightLoss
from schemas.night import Quality, TriggerState
from schemas.period import between, parse, shift
from schemas.predictions import Predictions
from schemas.project import Project
from schemas.record import ObjectRef
from tasks.core.attempts import LABEL_NIGHTS
from tasks.core.faults import label_faults
from tasks.core.quality import quality_points
from tasks.engine.frames import load_frame
from tasks.engine.labels import is_complete
from tasks.engine.predicted import predictions_of
from tasks.engine.records import newest, newest_by_night
from tasks.engine.reference import night_loss, read_reference
from tasks.engine.served import served_of
from tasks.engine.usable import coded
from tasks.store import Store, keys

_QUALITY_NIGHTS = 20  # enough for ten points, thin nights joined


def unread_labels(
    store: Store, project: Project, as_of: date, state: TriggerState
) -> dict[str, int]:
    """Newest label revisions of mature nights that no decision has seen yet, by night."""
    newest_mature = shift(as_of, -project.label_delay)
    oldest = shift(newest_mature, 1 - LABEL_NIGHTS)
    found = {
        str(place.as_of): place.number or 1
        for place, _ in store.places("labels", project.name)
        if place.as_of and oldest <= place.as_of <= newest_mature
    }
    return {n: number for n, number in found.items() if state.labels_read.get(n) != number}


def find_label_faults(
    store: Store, project: Project, card: Card | None, unread: Mapping[str, int]
) -> dict[str, tuple[Fault, ...]]:
    """Faults in labels that were not seen before, by night; of sound ones none."""
    if card is None or not unread:
        return {}
    reference, _ = read_reference(store, card)
    found = {}
    for night, revision in unread.items():
        key = keys.labels(project.name, parse(night), revision)
        target = load_frame(store, store.record(key, Labels).rows)[project.target]
        found[night] = label_faults(reference, target, project.policy.fault_slack)
    return found


def realised_quality(store: Store, project: Project, as_of: date, card: Card | None) -> Quality:
    """The newest matured nights' losses against the champion's null."""
    if card is None:
        return Quality(state="not_yet_known")
    newest_mature = shift(as_of, -project.label_delay)
    everything = newest_by_night(store, Batch, project.name)
    batches = {
        night: batch
        for night, (_, batch) in everything.items()
        if night <= newest_mature and batch.status == "accepted"
    }
    labels = {n: known for n, (_, known) in newest_by_night(store, Labels, project.name).items()}
    complete = [n for n, b in batches.items() if n in labels and is_complete(labels[n], b, project)]
    told = _told_of_labels(batches, labels, complete)
    looked_at = [
        night
        for night in complete
        if between(newest_mature, night) < _QUALITY_NIGHTS
        and project.policy.keeps(night, max(everything))
    ]
    served = {n: rows for n in looked_at if (rows := _served_rows(store, project, batches[n]))}
    losses = [
        loss
        for night in looked_at
        if (rows := served.get(night) or _scored_rows(store, project, batches[night]))
        and (loss := _loss(store, project, labels[night], rows))
    ]
    told["served"] = tuple(loss.as_of for loss in losses if loss.as_of in served)
    if not losses:
        return Quality(state="not_yet_known", **told)
    points = quality_points(card.quality_null, losses, project.policy)
    if points is None:
        return Quality(state="insufficient", **told)
    return Quality(state="known", points=points, **told)


def _told_of_labels(
    batches: Mapping[date, Batch], labels: Mapping[date, Labels], complete: Sequence[date]
) -> dict[str, Any]:
    """How far labels have come, of mature nights in order."""
    if not batches:
        return {}
    newest, latest = max(batches), complete[-1] if complete else None
    kept = labels[newest].kept if newest in labels else 0
    return {
        "coverage": kept / batches[newest].counts.kept,
        "latest_labels": latest,
        "labels_behind": between(newest, latest) if latest else 0,
    }


def _scored_rows(store: Store, project: Project, batch: Batch) -> ObjectRef | None:
    """What was predicted for these very rows; None when nothing was."""
    scored = newest(store, Predictions, project.name, batch.as_of)
    return scored[1].rows if scored and scored[1].batch == batch.id else None


def _served_rows(store: Store, project: Project, batch: Batch) -> ObjectRef | None:
    """What the service answered for these very rows; None when it is not known."""
    answers = served_of(store, project, batch)
    return answers.rows if answers else None


def _loss(store: Store, project: Project, labels: Labels, rows: ObjectRef) -> NightLoss | None:
    """The loss of these predictions, where they have labels; None when none has."""
    both = coded(project, load_frame(store, labels.rows)).merge(
        load_frame(store, rows), on=name_of(project.contract, "key"), how="inner"
    )
    if both.empty:
        return None
    return night_loss(project, labels.as_of, both, predictions_of(project, both))
