"""Stored rows of a night proved again under today's contract, without its files.

Rows come in from files in `tasks.engine.ingest`, whose record this revises.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from schemas.batch import Batch, Counts, Failure, Readmission
from schemas.contract import columns_of
from schemas.errors import Damaged, Declined, NotYet
from schemas.project import Project
from schemas.record import ObjectRef
from tasks.core.checking import Checked, check_rows
from tasks.core.local_time import LocalNight
from tasks.core.reading import kind_of
from tasks.engine.frames import load_frame
from tasks.engine.ingest import make_batch
from tasks.engine.keeping.erased import leave_out_erased
from tasks.engine.records import newest, next_revision
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
    night, limit = LocalNight(as_of, project.timezone), project.policy.quarantine_limit
    checked = check_rows(stored.raw, project.contract, limit, night, stored.kept_before)
    readmission = _compare(before, stored, checked)
    if not _is_changed(before, stored, checked, readmission):
        return Readmitted(key, is_new=False)
    counts = _conserve(key, before.counts, checked.counts, stored.erased)
    batch = make_batch(store, project, as_of, before.files, checked, counts)
    moved = f"{readmission.readmitted} re-admitted, {readmission.set_aside} set aside"
    told = {
        "revision": next_revision(key),
        "readmission": readmission,
        "sentence": f"{batch.sentence} Checked again: {moved}.",
        "ignored_columns": _ignored(project, before, checked),
    }
    key = keys.batch(project.name, as_of, next_revision(key))
    store.commit(key, batch.model_copy(update=told))
    return Readmitted(key, is_new=True)


@dataclass(frozen=True)
class _Stored:
    """What is stored of a night; without rows in quarantine `raw` are those that were kept."""

    raw: pd.DataFrame
    kept_before: pd.DataFrame | None
    kept: int
    erased: int


def _load(store: Store, project: Project, key: str, batch: Batch) -> _Stored:
    _check_is_stored(project, batch)
    kept, quarantine = (_frame(store, ref) for ref in (batch.rows, batch.quarantine))
    counted = batch.counts.kept, batch.counts.quarantined
    if (len(kept), len(quarantine)) != counted:
        raise Damaged(
            f"{key}: {counted[0]} rows kept and {counted[1]} quarantined, but {len(kept)} and "
            f"{len(quarantine)} are stored; driftloop verify {project.name}"
        )
    if batch.rows:
        _check_reads(project, batch, kept)
    kept, gone = leave_out_erased(store, project, kept)
    quarantine, more = leave_out_erased(store, project, quarantine)
    if quarantine.empty:
        return _Stored(kept, None, len(kept), gone + more)
    return _Stored(quarantine, None if kept.empty else kept, len(kept), gone + more)


def _frame(store: Store, ref: ObjectRef | None) -> pd.DataFrame:
    return load_frame(store, ref) if ref else pd.DataFrame()


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
    kept_before, others = checked.is_kept[: stored.kept], checked.is_kept[stored.kept :]
    return Readmission(
        revision=before.revision,
        readmitted=int(others.sum()),
        set_aside=int((~kept_before).sum()),
    )


def _is_changed(before: Batch, stored: _Stored, checked: Checked, readmission: Readmission) -> bool:
    moved = (readmission.readmitted, readmission.set_aside, checked.counts.deduplicated)
    return bool(any(moved) or stored.erased or _rules(checked.failures) != _rules(before.failures))


def _rules(failures: tuple[Failure, ...]) -> set[tuple[str, str, int]]:
    return {(failure.column, failure.check, failure.rows) for failure in failures}


def _conserve(key: str, before: Counts, now: Counts, erased: int) -> Counts:
    """The counts of the whole delivery, of which deduplicated and erased rows are not stored."""
    counts = now.model_copy(
        update={
            "read": before.read,
            "deduplicated": before.deduplicated + now.deduplicated,
            "erased": before.erased + erased,
        }
    )
    told = counts.kept + counts.quarantined + counts.deduplicated + counts.erased
    if told != counts.read:
        raise Damaged(f"{key}: {counts.read} rows were read, but {told} are accounted for")
    return counts


def _ignored(project: Project, before: Batch, checked: Checked) -> tuple[str, ...]:
    """Columns that were delivered and are not in today's contract."""
    found = dict.fromkeys((*before.ignored_columns, *checked.ignored_columns))
    return tuple(name for name in found if name not in columns_of(project.contract))


def _again(project: Project, as_of: date) -> str:
    return f"driftloop night {project.name} --as-of {as_of}"
