"""The record of a night's checked rows. How they are read and checked is `tasks.engine.ingest`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.batch import Batch, ColumnProfile, Counts, Failure, SourceFile
from schemas.contract import name_of, sensitive_names
from schemas.project import Project
from schemas.record import ObjectRef, digest_of
from tasks.core.checking import Checked
from tasks.core.local_time import LocalNight
from tasks.engine.column_profiles import profile
from tasks.engine.frames import save_frame
from tasks.engine.unusual import note_unusual
from tasks.store import Store


@dataclass(frozen=True)
class StoredRows:
    """Where a night's rows are; of kept rows, if there are any, the columns in short as well."""

    kept: ObjectRef | None
    quarantine: ObjectRef | None
    profile: tuple[ColumnProfile, ...] = ()
    largest_gap_minutes: float | None = None


def make_batch(
    store: Store,
    project: Project,
    as_of: date,
    checked: Checked,
    counts: Counts,
    told: dict[str, Any],
) -> Batch:
    """Store the rows that were checked; their record as revision 1, with what else is told."""
    rows = _store_rows(store, project, as_of, checked)
    failures, ignored = checked.failures, checked.ignored_columns
    told = {**told, "failures": failures, "ignored_columns": ignored}
    return record_batch(store, project, as_of, rows, counts, checked.refused, told)


def _store_rows(store: Store, project: Project, as_of: date, checked: Checked) -> StoredRows:
    aside = checked.quarantine
    quarantine = save_frame(store, project.name, aside) if len(aside) else None
    if checked.refused is not None or checked.kept.empty:
        return StoredRows(None, quarantine)
    kept, rules = checked.kept, project.contract
    times = kept[name_of(rules, "time")]
    return StoredRows(
        kept=save_frame(store, project.name, kept),
        quarantine=quarantine,
        profile=profile(kept, sensitive_names(rules), name_of(rules, "key")),
        largest_gap_minutes=LocalNight(as_of, project.timezone).largest_gap_minutes(times),
    )


def record_batch(
    store: Store,
    project: Project,
    as_of: date,
    rows: StoredRows,
    counts: Counts,
    refused: str | None,
    told: dict[str, Any],
) -> Batch:
    """The record as revision 1; `told` are failures and whatever else it has fields for."""
    refs, contract = (rows.kept, rows.quarantine), project.contract_digest
    batch = Batch(
        project=project.name,
        as_of=as_of,
        revision=1,
        id=batch_id(project.name, as_of, contract, refs, told["failures"]),
        status="refused" if refused else "accepted" if rows.kept else "empty",
        sentence=sentence_of(counts, refused, told["files"]),
        contract=contract,
        timezone=project.timezone,
        counts=counts,
        largest_gap_minutes=rows.largest_gap_minutes,
        profile=rows.profile,
        rows=rows.kept,
        quarantine=rows.quarantine,
        as_delivered=True,
        **told,
    )
    return note_unusual(store, project, batch)


def conserve(checked: Counts, read: int, erased: int, dropped: int) -> Counts:
    """The counts of all that was read; a ValueError where a row is in none of them, or in two."""
    counts = checked.model_copy(update={"read": read, "erased": erased, "dropped": dropped})
    told = counts.kept + counts.quarantined + counts.deduplicated + erased + dropped
    if told != read:
        raise ValueError(f"{read} rows read, {told} accounted for: {counts}")
    return counts


def batch_id(
    project: str,
    as_of: date,
    contract: str,
    kept: tuple[ObjectRef | None, ObjectRef | None],
    failures: tuple[Failure, ...],
) -> str:
    """Equal rows under an equal contract are the same batch, whatever the files looked like.

    `kept` are the rows and the quarantine.
    """
    content = [ref.sha256 if ref else None for ref in kept]
    broken = [failure.model_dump(mode="json") for failure in failures]
    return digest_of([project, str(as_of), contract, content, broken])


def sentence_of(counts: Counts, refused: str | None, files: tuple[SourceFile, ...] = ()) -> str:
    """What became of the night's rows, as its record says it."""
    if refused:
        return f"Refused: {refused}."
    if counts.read == 0:
        nothing = [file.name for file in files if not file.bytes]
        what = f"{nothing[0]} has 0 bytes" if nothing else "the delivery holds no rows"
        return f"Empty: {what}."
    aside = f", {counts.quarantined} quarantined" if counts.quarantined else ""
    again = f", {counts.deduplicated} deduplicated" if counts.deduplicated else ""
    erased = f", {counts.erased} erased" if counts.erased else ""
    dropped = f", {counts.dropped} dropped by cleaning" if counts.dropped else ""
    return f"{counts.kept} of {counts.read} rows kept{aside}{again}{erased}{dropped}."
