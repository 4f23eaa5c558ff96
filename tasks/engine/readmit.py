"""Stored rows of a night proved again under today's contract, without its files.

Rows come in from files in `tasks.engine.ingest`, whose record this revises.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from schemas.batch import Batch, Cleaned, Counts, Failure, Readmission
from schemas.contract import columns_of, sensitive_names
from schemas.errors import Damaged, Declined, NotYet
from schemas.project import Project
from schemas.record import ObjectRef
from tasks.core.checking import Checked, check_rows
from tasks.core.cleaning import Clean, add_cleaned, clean_rows, digest_of_step, steps_of
from tasks.core.local_time import LocalNight
from tasks.core.reading import kind_of
from tasks.engine.batch_record import conserve, make_batch
from tasks.engine.frames import load_frame
from tasks.engine.ingest import find_unmatched
from tasks.engine.keeping.erased import erased_keys
from tasks.engine.records import newest, next_revision
from tasks.engine.rows import missing_steps
from tasks.store import Store, keys


@dataclass(frozen=True)
class Readmitted:
    """Key of the batch that holds now, and whether it was made by this."""

    key: str
    is_new: bool


def readmit_batch(store: Store, project: Project, as_of: date) -> Readmitted:
    """Prove kept and quarantined rows of the newest revision again.

    A new revision is committed when that moves a row or changes a reason. It names the same files,
    so that running the night again reads them only once they, or the contract, have changed.

    Raises:
        NotYet: the night has no batch.
        Declined: what is stored does not suffice; the message says what to do.
        Missing, Damaged: stored rows are not what the record says.
    """
    found = newest(store, Batch, project.name, as_of)
    if found is None:
        raise NotYet(f"{project.name} {as_of}: no batch; {_again(project, as_of)} takes it in")
    key, before = found
    stored = _load(store, project, key, before)
    checked = _check(project, before, stored)
    readmission = _compare(before, stored, checked)
    if not _is_changed(before, stored, checked, readmission):
        return Readmitted(key, is_new=False)
    batch = make_batch(
        store,
        project,
        as_of,
        checked,
        _count(before, stored, checked),
        {"files": before.files, "matches": before.matches, "cleaning": _cleaning(before, stored)},
    )
    moved = f"{readmission.readmitted} re-admitted, {readmission.set_aside} set aside"
    revision = next_revision(key)
    told = {
        "revision": revision,
        "readmission": readmission,
        "sentence": f"{batch.sentence} Checked again: {moved}.",
        "ignored_columns": _ignored(project, before, checked),
    }
    key = keys.batch(project.name, as_of, revision)
    store.commit(key, batch.model_copy(update=told))
    return Readmitted(key, is_new=True)


@dataclass(frozen=True)
class _Stored:
    """A night's stored rows, through the cleaning that they lacked; erased ones are left out."""

    kept: Clean
    quarantine: Clean
    erased: int

    @property
    def dropped(self) -> int:
        """Rows that this cleaning took away."""
        return self.kept.dropped + self.quarantine.dropped


def _load(store: Store, project: Project, key: str, batch: Batch) -> _Stored:
    _check_is_stored(project, batch)
    kept, quarantine = (_frame(store, ref) for ref in (batch.rows, batch.quarantine))
    counted = batch.counts.kept, batch.counts.quarantined
    if (len(kept), len(quarantine)) != counted:
        raise Damaged(
            f"{key}: {counted[0]} rows kept and {counted[1]} quarantined, but {len(kept)} and "
            f"{len(quarantine)} are stored; driftloop verify {project.name}"
        )
    _check_cleaning(project, batch)
    erased = erased_keys(store, project.name)
    kept, gone = erased.leave_out(kept, project.contract)
    quarantine, more = erased.leave_out(quarantine, project.contract)
    steps, sensitive = missing_steps(project, batch), sensitive_names(project.contract)
    both = [clean_rows(part, steps, batch.as_of, sensitive) for part in (kept, quarantine)]
    if batch.rows:
        _check_reads(project, batch, both[0].frame)
    return _Stored(kept=both[0], quarantine=both[1], erased=gone + more)


def _frame(store: Store, ref: ObjectRef | None) -> pd.DataFrame:
    return load_frame(store, ref) if ref else pd.DataFrame()


def _check(project: Project, batch: Batch, stored: _Stored) -> Checked:
    kept, quarantine = stored.kept.frame, stored.quarantine.frame
    parts = (kept, None) if quarantine.empty else (quarantine, None if kept.empty else kept)
    night, limit = LocalNight(batch.as_of, project.timezone), project.policy.quarantine_limit
    whole = find_unmatched(batch.matches)
    return check_rows(parts[0], project.contract, limit, night, parts[1], whole)


def _check_is_stored(project: Project, batch: Batch) -> None:
    where, again = f"{project.name} {batch.as_of}", _again(project, batch.as_of)
    if not batch.as_delivered and (batch.quarantine or batch.status == "refused"):
        raise Declined(
            f"{where}: taken in by an earlier version of driftloop, which did not store all of "
            f"what was delivered; {again} reads the files again"
        )
    if not batch.rows and not batch.quarantine:
        raise Declined(
            f"{where}: none of its rows is stored ({batch.sentence.rstrip('.')}); have it "
            f"delivered again, then {again}"
        )


def _check_cleaning(project: Project, batch: Batch) -> None:
    """What a step did cannot be taken back."""
    today = {digest_of_step(step) for step in steps_of(project.cleaning, batch.as_of)}
    gone = [step.step for step in batch.cleaning if step.digest not in today]
    if gone:
        raise Declined(
            f"{project.name} {batch.as_of}: its rows went through {gone[0]}, which the project "
            f"does not have any more; {_again(project, batch.as_of)} reads the files again"
        )


def _check_reads(project: Project, batch: Batch, kept: pd.DataFrame) -> None:
    """Kept rows hold what was read of them: of a word all, of anything else no more than that."""
    where, again = f"{project.name} {batch.as_of}", _again(project, batch.as_of)
    for name, column in columns_of(project.contract).items():
        if name not in kept:
            raise Declined(
                f"{where}: the rows that were kept have no column {name!r}; {again} reads the "
                "files again"
            )
        was, now = _kind_stored(kept[name]), kind_of(column)
        if was != "word" and was != {"word": "word", "time": "time"}.get(now, "number"):
            raise Declined(
                f"{where}: column {name!r} of the rows that were kept was read as a {was}, and "
                f"the contract wants a {now}; {again} reads the files again"
            )


def _kind_stored(values: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(values):
        return "time"
    return "number" if pd.api.types.is_numeric_dtype(values) else "word"


def _compare(before: Batch, stored: _Stored, checked: Checked) -> Readmission:
    kept_before = len(stored.kept.frame)
    return Readmission(
        revision=before.revision,
        readmitted=int(checked.is_kept[kept_before:].sum()),
        set_aside=int((~checked.is_kept[:kept_before]).sum()),
    )


def _is_changed(before: Batch, stored: _Stored, checked: Checked, readmission: Readmission) -> bool:
    gone = stored.erased, stored.dropped, checked.counts.deduplicated
    moved = readmission.readmitted, readmission.set_aside
    return any((*gone, *moved)) or _rules(checked.failures) != _rules(before.failures)


def _rules(failures: tuple[Failure, ...]) -> set[tuple[str, str, int]]:
    return {(failure.column, failure.check, failure.rows) for failure in failures}


def _count(before: Batch, stored: _Stored, checked: Checked) -> Counts:
    """The counts of the whole delivery, much of which may not be stored."""
    was, now = before.counts, checked.counts
    now = now.model_copy(update={"deduplicated": was.deduplicated + now.deduplicated})
    return conserve(now, was.read, was.erased + stored.erased, was.dropped + stored.dropped)


def _cleaning(before: Batch, stored: _Stored) -> tuple[Cleaned, ...]:
    """What was done when the rows came in, and what was made up for now."""
    kept, quarantine = stored.kept.steps, stored.quarantine.steps
    made_up = map(add_cleaned, kept, quarantine) if kept and quarantine else kept or quarantine
    return (*before.cleaning, *made_up)


def _ignored(project: Project, before: Batch, checked: Checked) -> tuple[str, ...]:
    """Columns that were delivered and are not in today's contract."""
    found = dict.fromkeys((*before.ignored_columns, *checked.ignored_columns))
    return tuple(name for name in found if name not in columns_of(project.contract))


def _again(project: Project, as_of: date) -> str:
    return f"driftloop night {project.name} --as-of {as_of}"
