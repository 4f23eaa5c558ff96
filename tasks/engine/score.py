"""The champion's predictions for a night's batch. Which champion that is, the ledger says."""

import json
from datetime import date

import pandas as pd

from schemas.batch import Batch
from schemas.contract import name_of
from schemas.errors import Damaged, Missing, ModelUnusable
from schemas.model import Card
from schemas.predictions import Predictions
from schemas.project import Project
from tasks.engine.fits import predict
from tasks.engine.frames import save_frame
from tasks.engine.past import Known, with_past
from tasks.engine.predicted import as_columns
from tasks.engine.records import newest, next_revision
from tasks.engine.revive import revive
from tasks.engine.rows import load_rows
from tasks.features.build import count_unseen
from tasks.store import Store, keys
from tasks.store.ledger import champion_at, entries


def score_batch(store: Store, project: Project, as_of: date, batch_key: str) -> str | None:
    """Score the batch by the champion of ledger entries before `as_of`; None without a champion.

    Raises:
        ModelUnusable, StoreError: the champion cannot score; the message says why.
    """
    batch = store.record(batch_key, Batch)
    version = champion_at(entries(store, project.name), as_of)
    if version is None or batch.rows is None:
        return None
    before = newest(store, Predictions, project.name, as_of)
    if before and (before[1].batch, before[1].version) == (batch.id, version):
        return before[0]
    frame = load_rows(store, project, batch)
    scored, unseen = score_frame(store, project, version, frame, as_of)
    revision = next_revision(before[0] if before else None)
    key = keys.predictions(project.name, as_of, revision)
    predictions = Predictions(
        project=project.name,
        as_of=as_of,
        revision=revision,
        batch=batch.id,
        version=version,
        unseen=unseen,
        rows=save_frame(store, project.name, scored),
    )
    store.commit(key, predictions)
    return key


def score_if_sound(
    store: Store, project: Project, as_of: date, batch_key: str | None
) -> str | None:
    """`score_batch`, or None without an accepted batch or when the champion cannot score.

    Why it cannot is part of the night's evidence (`why_unscorable`, `why_not_scored`).
    """
    if batch_key is None or store.record(batch_key, Batch).status != "accepted":
        return None
    version = champion_at(entries(store, project.name), as_of)
    if version is None or why_unscorable(store, project, version):
        return None
    try:
        return score_batch(store, project, as_of, batch_key)
    except (ModelUnusable, Missing, Damaged):
        return None


def score_frame(
    store: Store, project: Project, version: str, frame: pd.DataFrame, as_of: date
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Key and prediction of each row of that night, and unseen category values by column."""
    card = store.record(keys.card(project.name, version), Card)
    made_by = revive(project, card)
    frame = with_past(store, made_by, frame, Known(store, project.name).before(made_by, as_of))
    key = name_of(project.contract, "key")
    scored = as_columns(project, frame[key], predict(store, made_by, card.members, frame))
    states = json.loads(store.read_bytes(card.members[0].features))
    return scored, dict(count_unseen(made_by.features, states, frame))


def why_unscorable(store: Store, project: Project, version: str) -> str | None:
    """Why this version cannot score now, or None when it can: every file is read and checked.

    Raises:
        StoreUnavailable: the store does not answer, which says nothing about the version.
    """
    try:
        card = store.record(keys.card(project.name, version), Card)
        revive(project, card)
        for ref in (
            card.reference,
            card.reference_sample,
            *(ref for fit in card.members for ref in (fit.model, fit.features)),
        ):
            store.fetch(ref)
    except (Missing, Damaged, ModelUnusable) as error:
        return str(error)
    return None


def why_not_scored(store: Store, project: Project, version: str, batch: Batch) -> str | None:
    """Why this version, whose files are sound, cannot score these rows, or None when it can."""
    try:
        score_frame(store, project, version, load_rows(store, project, batch), batch.as_of)
    except (Missing, Damaged, ModelUnusable) as error:
        return str(error)
    return None
