"""What a night's decision may look at: faults, drift, realised quality, the plan, the standing.

The rules are in `tasks.core`; deciding on the evidence is `tasks.core.policy`.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from schemas.batch import Batch
from schemas.contract import name_of
from schemas.labels import Labels
from schemas.ledger import Standing
from schemas.model import Card
from schemas.monitoring import ColumnDrift, DriftReference, Fault, NightLoss
from schemas.night import DataState, Drift, Evidence, Plan, Quality, TriggerState
from schemas.predictions import Predictions
from schemas.project import Project
from schemas.record import ObjectRef
from tasks.core.drift import column_drift, is_thin
from tasks.core.faults import label_faults, night_faults
from tasks.core.quality import quality_points
from tasks.engine.frames import load_frame
from tasks.engine.labels import is_complete
from tasks.engine.planning import plan_tonight
from tasks.engine.records import newest, newest_by_night
from tasks.engine.reference import night_loss, read_reference
from tasks.engine.score import PREDICTION, why_unscorable
from tasks.engine.usable import UsableNight, labelled_rows
from tasks.report import report_drift
from tasks.store import Store, keys
from tasks.store.ledger import entries, fold

_QUALITY_NIGHTS = 14  # enough for five points, thin nights joined


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
    *,
    history: bool,
    late: bool,
) -> Watched:
    """Everything that decides tonight, measured. Only ledger entries before `as_of` count."""
    standing = fold(e for e in entries(store, project.name) if e.as_of < as_of)
    card = _champion_card(store, project, standing)
    unscorable = why_unscorable(store, project, standing.champion) if standing.champion else None
    watching = card if unscorable is None and not history else None
    measured = _Measured()
    if watching and batch is not None and batch.rows is not None and data == "accepted":
        measured = _measure(store, project, state, watching, batch)
    faulty = frozenset(state.faulty) - frozenset(standing.accepted)
    evidence = Evidence(
        as_of=as_of,
        data=data,
        rows=batch.counts.kept if batch else 0,
        history=history,
        late=late,
        faults=() if as_of in standing.accepted else measured.faults,
        label_faults=_label_faults(store, project, as_of, watching),
        drift=measured.drift,
        quality=_quality(store, project, as_of, watching),
        champion=standing.champion,
        champion_recipe=card.recipe_digest if card else None,
        champion_last_night=card.members[0].last_night if card else None,
        stand_in_cut=card.stand_in[0].cut if card else None,
        unscorable=unscorable,
        recipe=project.recipe_digest,
        plan=Plan(retrain="first")
        if history
        else plan_tonight(store, project, as_of, card if unscorable is None else None, faulty),
        frozen=standing.frozen,
        accepted=standing.accepted,
        acknowledged=standing.last_ack_seq or 0,
        ledger=standing.seq,
    )
    return Watched(evidence, measured.report)


@dataclass(frozen=True)
class _Measured:
    faults: tuple[Fault, ...] = ()
    drift: Drift = field(default_factory=lambda: Drift(state="not_scored"))
    report: ObjectRef | None = None


def _champion_card(store: Store, project: Project, standing: Standing) -> Card | None:
    if standing.champion is None:
        return None
    return store.record(keys.card(project.name, standing.champion), Card)


def _measure(
    store: Store, project: Project, state: TriggerState, card: Card, batch: Batch
) -> _Measured:
    if batch.rows is None:
        return _Measured()
    reference, sample = read_reference(store, card)
    frame = load_frame(store, batch.rows)
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
    """Tonight's rows together with those of thin nights that wait to be judged."""
    frames, nights = [], []
    for night in state.pooled:
        found = newest(store, Batch, project.name, night)
        if night < as_of and found and found[1].rows is not None:
            frames.append(load_frame(store, found[1].rows))
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


def _quality(store: Store, project: Project, as_of: date, card: Card | None) -> Quality:
    """The newest matured nights' losses against the champion's null."""
    if card is None:
        return Quality(state="not_yet_known")
    losses, coverage, latest = _mature_losses(store, project, as_of)
    points = quality_points(card.quality_null, losses)
    if not losses:
        return Quality(state="not_yet_known", coverage=coverage, latest_labels=latest)
    if points is None:
        return Quality(state="insufficient", coverage=coverage, latest_labels=latest)
    return Quality(state="known", points=points, coverage=coverage, latest_labels=latest)


def _mature_losses(
    store: Store, project: Project, as_of: date
) -> tuple[list[NightLoss], float | None, date | None]:
    """Losses of the newest scored nights whose labels are complete, in order."""
    newest_mature = as_of - timedelta(days=project.label_delay)
    labels = newest_by_night(store, Labels, project.name)
    losses, coverage, latest = [], None, None
    for night, (_, scored) in newest_by_night(store, Predictions, project.name).items():
        batch = newest(store, Batch, project.name, night)
        age = (newest_mature - night).days
        if not 0 <= age < _QUALITY_NIGHTS or batch is None:
            continue
        known = labels.get(night)
        coverage = known[1].kept / max(batch[1].counts.kept, 1) if known else 0.0
        if known and is_complete(known[1], batch[1], project):
            losses.append(
                _scored_loss(store, project, UsableNight(night, batch[1], known[1]), scored)
            )
            latest = night
    return losses, coverage, latest


def _scored_loss(
    store: Store, project: Project, night: UsableNight, scored: Predictions
) -> NightLoss:
    predictions = load_frame(store, scored.rows)
    labels = load_frame(store, night.labels.rows)
    both = labels.merge(predictions, on=name_of(project.contract, "key"), how="inner")
    return night_loss(project, night.as_of, both, both[PREDICTION].to_numpy())


def _label_faults(
    store: Store, project: Project, as_of: date, card: Card | None
) -> dict[str, tuple[Fault, ...]]:
    """Faults in the labels of the night that matured tonight."""
    if card is None:
        return {}
    night = as_of - timedelta(days=project.label_delay)
    batch = newest(store, Batch, project.name, night)
    labels = newest(store, Labels, project.name, night)
    if batch is None or labels is None or batch[1].rows is None:
        return {}
    rows = labelled_rows(store, project, UsableNight(night, batch[1], labels[1]))
    reference, _ = read_reference(store, card)
    found = label_faults(reference, rows[project.target], project.policy.fault_slack)
    return {str(night): found} if found else {}
