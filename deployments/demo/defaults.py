"""Evidently's default tests on the nights that driftloop judged, beside driftloop's alarms."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

import pandas as pd

from deployments.demo.facts import DefaultsFact
from schemas.batch import Batch
from schemas.model import Card
from schemas.monitoring import DriftReference
from schemas.night import Night
from tasks.engine.frames import load_frame
from tasks.engine.reference import read_reference
from tasks.report import default_alarm
from tasks.store import Store, keys


def defaults_by_night(store: Store, live: Sequence[Night]) -> tuple[DefaultsFact, ...]:
    """Both on every night whose drift was judged, against the same champion's reference."""
    return tuple(_defaults(store, live))


def _defaults(store: Store, live: Sequence[Night]) -> Iterator[DefaultsFact]:
    @cache
    def reference(project: str, version: str) -> tuple[DriftReference, pd.DataFrame]:
        return read_reference(store, store.record(keys.card(project, version), Card))

    alarmed = _alarmed(live)
    newest = {night.as_of: night for night in live}
    for as_of, night in sorted(newest.items()):
        batch = store.record(night.batch, Batch) if night.batch else None
        champion = night.evidence.champion
        if batch and batch.rows and champion and night.evidence.drift.columns:
            known, sample = reference(night.project, champion)
            rows = load_frame(store, batch.rows)
            yield DefaultsFact(as_of, *default_alarm(known, sample, rows), as_of in alarmed)


def _alarmed(live: Sequence[Night]) -> set[date]:
    """Nights on which driftloop told people of drift."""
    return {n.as_of for n in live if any(alert.kind == "drift" for alert in n.decision.alerts)}
