"""What a night's decision may look at: faults, drift, the plan, the standing.

The rules are in `tasks.core`, realised quality in `tasks.engine.outcomes`; deciding on the evidence
is `tasks.core.policy`.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from schemas.batch import Batch
from schemas.errors import StoreError
from schemas.ledger import Standing
from schemas.model import Card
from schemas.monitoring import ColumnDrift, DriftReference, Fault
from schemas.night import DataState, Drift, Evidence, Plan, TriggerState
from schemas.period import parse
from schemas.project import Project
from schemas.record import ObjectRef
from tasks.core.drift import column_drift, is_thin
from tasks.core.faults import night_faults
from tasks.core.unusual import faults_with
from tasks.engine.keeping.erased import erasures_known_to
from tasks.engine.outcomes import find_label_faults, realised_quality
from tasks.engine.planning import plan_tonight
from tasks.engine.probation import watch_probation
from tasks.engine.records import newest
from tasks.engine.reference import read_reference
from tasks.engine.rows import load_rows
from tasks.engine.score import why_not_scored, why_unscorable
from tasks.engine.served import served_of
from tasks.report import report_drift
from tasks.store import Store, keys
from tasks.store.ledger import entries, fold


@dataclass(frozen=True)
class Watched:
    """A night's evidence, and Evidently's page of it when there is one."""

    evidence: Evidence
    report: ObjectRef | None


def watch_night(
    store: Store,
    project: Project,
    as_of: date,
    state: TriggerState,
    batch: Batch | None,
    data: DataState,
    unread: dict[str, int],
    *,
    scored: bool,
    history: bool,
    late: bool,
) -> Watched:
    """Everything that decides tonight, measured. Only ledger entries before `as_of` count."""
    standing = _standing_before(store, project, as_of)
    rows = batch.rows if batch and data == "accepted" else None
    champion = _look_at_champion(store, project, standing, None if scored or not rows else batch)
    watching = None if history else champion.scorable
    measured = _measure(store, project, state, watching, batch if rows else None)
    unusual = batch.unusual if batch and rows else ()
    label_faults = find_label_faults(store, project, watching, unread)
    left_out = None if history else _left_out(state, label_faults, standing)
    told = Evidence(
        as_of=as_of,
        data=data,
        history=history,
        late=late,
        faults=() if as_of in standing.accepted else faults_with(measured.faults, unusual),
        unusual=unusual,
        labels=unread,
        label_faults=label_faults,
        drift=measured.drift,
        recipe=project.recipe_digest,
        erasures=erasures_known_to(store, project.name, standing.champion),
        **_told_of_moves(store, project, as_of, champion.scorable, left_out),
        **_told_by_ledger(standing),
        **_told_by_use(store, project, as_of, watching, batch if rows else None),
        **champion.told(),
        **_told_by_batch(batch),
    )
    return Watched(told, measured.report)


def _told_of_moves(
    store: Store, project: Project, as_of: date, card: Card | None, left_out: frozenset[date] | None
) -> dict[str, Any]:
    """What may move the champion, without faulty and bad nights; in history nothing does."""
    if left_out is None:
        return {"plan": Plan(retrain="first")}
    return {
        "plan": plan_tonight(store, project, as_of, card, left_out),
        "probation": watch_probation(store, project, as_of, left_out),
    }


def _standing_before(store: Store, project: Project, as_of: date) -> Standing:
    """The ledger's standing that evening, and the nights that were accepted or marked bad since.

    That is done after a night was recorded, and holds when it is delivered once more.
    """
    ledger = entries(store, project.name)
    before, now = fold(entry for entry in ledger if entry.as_of < as_of), fold(ledger)
    return before.model_copy(update={"accepted": now.accepted, "bad": now.bad})


def _left_out(
    state: TriggerState, label_faults: dict[str, tuple[Fault, ...]], standing: Standing
) -> frozenset[date]:
    judged = {parse(night): found for night, found in label_faults.items()}
    labels = {night for night in state.faulty_labels if night not in judged}
    labels |= {night for night, found in judged.items() if found}
    return standing.left_out({*state.faulty_batches, *labels})


def _told_by_use(
    store: Store, project: Project, as_of: date, card: Card | None, batch: Batch | None
) -> dict[str, Any]:
    """What predictions were worth, and what the service answered tonight."""
    answers = served_of(store, project, batch) if batch else None
    quality = realised_quality(store, project, as_of, card)
    return {"quality": quality, "served": answers.told if answers else None}


def _told_by_ledger(standing: Standing) -> dict[str, Any]:
    return {
        "frozen": standing.frozen,
        "has_earlier": bool(standing.previous_champions),
        "accepted": standing.accepted,
        "bad": tuple(sorted(standing.bad_nights)),
        "acknowledged": standing.last_ack_seq or 0,
        "ledger": standing.seq,
    }


def _told_by_batch(batch: Batch | None) -> dict[str, Any]:
    refused = batch.refused_since if batch else None
    rows = batch.counts.kept if batch else 0
    return {"rows": rows, "refused_since": refused.sentence if refused else None}


@dataclass(frozen=True)
class _Champion:
    """The champion as it can be seen tonight: without a card, or with one that cannot score."""

    version: str | None
    card: Card | None
    unscorable: str | None

    @property
    def scorable(self) -> Card | None:
        return None if self.unscorable else self.card

    def told(self) -> dict[str, Any]:
        """Its part of the evidence."""
        told: dict[str, Any] = {"champion": self.version, "unscorable": self.unscorable}
        if self.card is None:
            return told
        return told | {
            "champion_recipe": self.card.recipe_digest,
            "champion_last_night": self.card.members[0].last_night,
            "stand_in_cut": self.card.stand_in[0].cut,
        }


def _look_at_champion(
    store: Store, project: Project, standing: Standing, unscored: Batch | None
) -> _Champion:
    """The champion; of rows that it did not score it is asked once more why."""
    if standing.champion is None:
        return _Champion(None, None, None)
    unscorable = why_unscorable(store, project, standing.champion)
    if unscorable is None and unscored:
        unscorable = why_not_scored(store, project, standing.champion, unscored)
    try:
        card = store.record(keys.card(project.name, standing.champion), Card)
    except StoreError:  # the reason is in `unscorable`, which read the same card
        card = None
    return _Champion(standing.champion, card, unscorable)


@dataclass(frozen=True)
class _Measured:
    faults: tuple[Fault, ...] = ()
    drift: Drift = field(default_factory=lambda: Drift(state="not_scored"))
    report: ObjectRef | None = None


def _measure(
    store: Store, project: Project, state: TriggerState, card: Card | None, batch: Batch | None
) -> _Measured:
    if card is None or batch is None:
        return _Measured()
    reference, sample = read_reference(store, card)
    frame = load_rows(store, project, batch)
    faults = night_faults(reference, frame, project.policy.fault_slack)
    if reference.status == "insufficient":
        return _Measured(faults, Drift(state="insufficient", reference_nights=reference.nights))
    pooled, waiting = _pool(store, project, state, batch.as_of, frame)
    if is_thin(reference, len(pooled)):
        return _Measured(faults, Drift(state="pooled", reference_nights=reference.nights))
    told = report_drift(_shown(reference, sample), sample, pooled[list(sample.columns)])
    hidden = _unreported(reference, sample, pooled)
    page = store.add_bytes(project.name, told.html, "html.gz") if told.html else None
    drift = Drift(
        state=reference.status,
        reference_nights=reference.nights,
        columns=(*told.columns, *hidden),
        pooled=waiting,
    )
    return _Measured(faults, drift, page)


def _pool(
    store: Store, project: Project, state: TriggerState, as_of: date, frame: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[date, ...]]:
    """Tonight's rows together with those of thin nights that wait to be judged, if still kept."""
    frames, nights = [], []
    for night in state.pooled:
        found = newest(store, Batch, project.name, night)
        is_kept = project.policy.keeps(night, as_of)
        if night < as_of and is_kept and found and found[1].rows is not None:
            frames.append(load_rows(store, project, found[1]))
            nights.append(night)
    if not frames:
        return frame, ()
    return pd.concat([*frames, frame], ignore_index=True), tuple(nights)


def _shown(reference: DriftReference, sample: pd.DataFrame) -> DriftReference:
    """The reference of the columns that a report may show: those of the sample."""
    columns = tuple(column for column in reference.columns if column.column in sample.columns)
    return reference.model_copy(update={"columns": columns})


def _unreported(
    reference: DriftReference, sample: pd.DataFrame, frame: pd.DataFrame
) -> tuple[ColumnDrift, ...]:
    """Sensitive columns are watched as well, only never handed to a report."""
    return tuple(
        column_drift(reference, column, frame[column.column])
        for column in reference.columns
        if column.column not in sample.columns
    )
