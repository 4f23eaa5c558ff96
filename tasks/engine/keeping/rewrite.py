"""A night without the rows of erased keys: new revisions of its batch, labels and predictions.

As after a reissued night their ids are new, so that training sets change. What held the rows is
deleted by `tasks.engine.keeping.erase`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from schemas.batch import Batch
from schemas.contract import name_of, sensitive_names
from schemas.labels import Labels
from schemas.predictions import Predictions
from schemas.project import Project
from schemas.record import ObjectRef, Record
from schemas.served import Served
from schemas.upcoming import Upcoming
from tasks.engine.batch_record import batch_id
from tasks.engine.column_profiles import profile
from tasks.engine.frames import load_frame, save_frame
from tasks.engine.keeping.erased import ErasedKeys
from tasks.engine.labels import labels_id, told_of
from tasks.engine.records import newest, next_revision
from tasks.store import Store, keys


def rewrite_night(store: Store, project: Project, night: date, erased: ErasedKeys) -> None:
    """Commit what the night is without those rows; what lacks them already stays as it is.

    Labels and predictions of a batch that gets a new id name that one.
    """
    cutter = _Cutter(store, project, erased)
    renamed = cutter.cut_batch(night)
    cutter.cut_labels(night, renamed)
    cutter.cut_predictions(night, renamed)
    cutter.cut_served(night, renamed)
    cutter.cut_upcoming(night)


@dataclass(frozen=True)
class _Cut:
    """What is left of a stored frame, and how many of its rows went."""

    ref: ObjectRef
    frame: pd.DataFrame
    rows: int


@dataclass(frozen=True)
class _Cutter:
    store: Store
    project: Project
    erased: ErasedKeys

    def cut_batch(self, night: date) -> dict[str, str]:
        """The batch's old id and its new one; nothing when it never held such rows."""
        found = newest(self.store, Batch, self.project.name, night)
        if found is None:
            return {}
        key, batch = found
        rows = self._cut(batch.rows) if batch.rows else None
        quarantine = self._cut(batch.quarantine) if batch.quarantine else None
        if not rows and not quarantine:
            return self._renamed_before(batch)
        after = self._batch_without(batch, rows, quarantine)
        self._commit(keys.batch(self.project.name, night, next_revision(key)), key, after)
        return {batch.id: after.id}

    def cut_labels(self, night: date, renamed: dict[str, str]) -> None:
        """Labels of the rows that stay, of the batch as it is named now."""
        found = newest(self.store, Labels, self.project.name, night)
        if found is None:
            return
        key, labels = found
        cut, batch = self._cut(labels.rows), renamed.get(labels.batch, labels.batch)
        if cut is None and batch == labels.batch:
            return
        update = self._labels_without(cut) if cut else {"rows": labels.rows}
        name = labels_id(labels.project, night, batch, update["rows"], labels.contradictory)
        after = labels.model_copy(update={**update, "batch": batch, "id": name})
        self._commit(keys.labels(self.project.name, night, next_revision(key)), key, after)

    def cut_predictions(self, night: date, renamed: dict[str, str]) -> None:
        """Scores of the rows that stay, of the batch as it is named now."""
        found = newest(self.store, Predictions, self.project.name, night)
        if found is None:
            return
        key, scored = found
        cut, batch = self._cut(scored.rows), renamed.get(scored.batch, scored.batch)
        if cut is None and batch == scored.batch:
            return
        rows = cut.ref if cut else scored.rows
        after = scored.model_copy(update={"batch": batch, "rows": rows})
        self._commit(keys.predictions(self.project.name, night, next_revision(key)), key, after)

    def cut_served(self, night: date, renamed: dict[str, str]) -> None:
        """The service's answers for the rows that stay, of the batch as it is named now."""
        found = newest(self.store, Served, self.project.name, night)
        if found is None:
            return
        key, before = found
        cut = self._cut(before.rows) if before.rows else None
        batch = renamed.get(before.batch, before.batch)
        if cut is None and batch == before.batch:
            return
        rows, went = (cut.ref, cut.rows) if cut else (before.rows, 0)
        told = before.told.model_copy(update={"kept": before.told.kept - went})
        after = before.model_copy(update={"batch": batch, "rows": rows, "told": told})
        self._commit(keys.served(self.project.name, night, next_revision(key)), key, after)

    def cut_upcoming(self, night: date) -> None:
        """Predictions ahead of the rows that stay; they wait until they are delivered anew."""
        found = newest(self.store, Upcoming, self.project.name, night)
        cut = self._cut(found[1].rows) if found and found[1].rows else None
        if found is None or cut is None:
            return
        key, before = found
        counts = before.counts.model_copy(
            update={
                "kept": before.counts.kept - cut.rows,
                "erased": before.counts.erased + cut.rows,
            }
        )
        update = {
            "state": "no_rows" if cut.frame.empty else before.state,
            "sentence": f"{before.sentence} Erased since: {cut.rows}.",
            "counts": counts,
            **_without_examples(before),
            "rows": None if cut.frame.empty else cut.ref,
            "delivered": None,
        }
        after = before.model_copy(update=update)
        self._commit(keys.upcoming(self.project.name, night, next_revision(key)), key, after)

    def _cut(self, ref: ObjectRef) -> _Cut | None:
        """The frame without the rows, stored; None when it has none of them."""
        key = name_of(self.project.contract, "key")
        frame = load_frame(self.store, ref)
        if key not in frame.columns:
            return None
        found = self.erased.rows_of(frame[key], self.project.contract)
        if not found.any():
            return None
        left = frame[~found].reset_index(drop=True)
        return _Cut(save_frame(self.store, self.project.name, left), left, int(found.sum()))

    def _batch_without(self, batch: Batch, rows: _Cut | None, quarantine: _Cut | None) -> Batch:
        kept = self._left(batch.rows, rows), self._left(batch.quarantine, quarantine)
        went = rows.rows if rows else 0, quarantine.rows if quarantine else 0
        counts = batch.counts.model_copy(
            update={
                "kept": batch.counts.kept - went[0],
                "quarantined": batch.counts.quarantined - went[1],
                "erased": batch.counts.erased + sum(went),
            }
        )
        shown = _without_examples(batch)
        is_empty = batch.rows is not None and kept[0] is None
        hidden = sensitive_names(self.project.contract)
        update = {
            "id": batch_id(batch.project, batch.as_of, batch.contract, kept, shown["failures"]),
            "status": "empty" if is_empty else batch.status,
            "sentence": f"{batch.sentence} Erased since: {sum(went)}.",
            "counts": counts,
            **shown,
            "profile": profile(rows.frame, hidden) if rows and kept[0] else batch.profile,
            "rows": kept[0],
            "quarantine": kept[1],
        }
        return batch.model_copy(update=update)

    def _left(self, before: ObjectRef | None, cut: _Cut | None) -> ObjectRef | None:
        if cut is None:
            return before
        return None if cut.frame.empty else cut.ref

    def _labels_without(self, cut: _Cut) -> dict[str, Any]:
        """The fields that depend on the rows; the one column beside the key is the target."""
        [name] = [c for c in cut.frame.columns if c != name_of(self.project.contract, "key")]
        return {"rows": cut.ref, "kept": len(cut.frame), **told_of(cut.frame[name])}

    def _renamed_before(self, batch: Batch) -> dict[str, str]:
        """What a run that was killed had renamed: this revision is the one before, with less."""
        if batch.revision == 1:
            return {}
        key = keys.batch(self.project.name, batch.as_of, batch.revision - 1)
        before = self.store.record(key, Batch)
        is_erasure = (before.files, before.readmission) == (batch.files, batch.readmission) and (
            batch.counts.erased > before.counts.erased
        )
        return {before.id: batch.id} if is_erasure else {}

    def _commit(self, key: str, before: str, record: Record) -> None:
        revision = next_revision(before)
        self.store.commit(key, record.model_copy(update={"revision": revision}))


def _without_examples(record: Batch | Upcoming) -> dict[str, tuple[Any, ...]]:
    """What was wrong with rows and done to them, without a value of any."""
    return {
        name: tuple(one.model_copy(update={"examples": ()}) for one in told)
        for name, told in (("failures", record.failures), ("cleaning", record.cleaning))
    }
