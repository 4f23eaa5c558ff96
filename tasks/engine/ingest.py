"""One night from source to committed batch, in one go. The checks are `tasks.core.checking`."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from schemas.batch import Batch, ColumnProfile, Counts, Failure, Match, SourceFile
from schemas.contract import name_of, sensitive_names
from schemas.errors import DataUnreadable
from schemas.project import Project, Raw
from schemas.record import ObjectRef, digest_of
from tasks.core.checking import Checked, check_rows
from tasks.core.cleaning import clean_rows
from tasks.core.local_time import LocalNight
from tasks.engine.frames import save_frame
from tasks.engine.keeping.erased import leave_out_erased
from tasks.engine.kept_accepted import is_as_read, is_told, keep_accepted
from tasks.engine.records import newest, next_revision
from tasks.engine.unusual import note_unusual
from tasks.store import Store, keys

_MARKS = (0, 5, 25, 50, 75, 95, 100)


def ingest_batch(store: Store, project: Project, as_of: date) -> str | None:
    """Commit the night's batch and return its key; None while nothing was delivered.

    The same delivery again has no effect and returns the same key; another delivery is a new
    revision. A file that cannot be read is a refused batch, not an error. A reading that is refused
    over joined tables alone leaves the rows that were accepted before as they are, and says so.
    """
    before = newest(store, Batch, project.name, as_of)
    files: tuple[SourceFile, ...] = ()
    try:
        files = project.source.fingerprint(as_of)
        if before and is_as_read(project, before[1], files):
            return before[0]
        raw = project.source.read(as_of)
    except DataUnreadable as error:
        kept = keep_accepted(project, before, files, str(error))
        batch = kept or _unreadable(project, as_of, files, str(error))
    else:
        if raw is None:
            return before[0] if before else None
        batch = _checked_batch(store, project, as_of, raw, before)
    if before and is_told(before[1], batch):
        return before[0]
    revision = next_revision(before[0] if before else None)
    key = keys.batch(project.name, as_of, revision)
    store.commit(key, batch.model_copy(update={"revision": revision}))
    return key


def _checked_batch(
    store: Store, project: Project, as_of: date, raw: Raw, before: tuple[str, Batch] | None
) -> Batch:
    night = LocalNight(as_of, project.timezone)
    checked, counts, told = check_delivery(store, project, as_of, raw, night)
    refusal = checked.refused and _sentence(counts, checked.refused)
    kept = keep_accepted(project, before, raw.files, refusal) if refusal else None
    return kept or make_batch(store, project, as_of, checked, counts, told)


def check_delivery(
    store: Store, project: Project, as_of: date, raw: Raw, night: LocalNight | None
) -> tuple[Checked, Counts, dict[str, Any]]:
    """What was read, cleaned and proved; its counts; and what else a record tells of it.

    With a `night`, rows must belong into it.
    """
    frame, erased = leave_out_erased(store, project, raw.frame)
    cleaned = clean_rows(frame, project.cleaning, as_of, sensitive_names(project.contract))
    limit, unmatched = project.policy.quarantine_limit, find_unmatched(raw.matches)
    checked = check_rows(cleaned.frame, project.contract, limit, night, whole=unmatched)
    counts = conserve(checked.counts, len(raw.frame), erased, cleaned.dropped)
    told = {"files": raw.files, "matches": raw.matches, "cleaning": cleaned.steps}
    return checked, counts, told


def make_batch(
    store: Store,
    project: Project,
    as_of: date,
    checked: Checked,
    counts: Counts,
    told: dict[str, Any],
) -> Batch:
    """Store the rows that were checked; their record as revision 1, with what else is told."""
    sound = checked.refused is None and not checked.kept.empty
    rows = save_frame(store, project.name, checked.kept) if sound else None
    set_aside = counts.quarantined > 0
    quarantine = save_frame(store, project.name, checked.quarantine) if set_aside else None
    batch = Batch(
        project=project.name,
        as_of=as_of,
        revision=1,
        id=batch_id(
            project.name, as_of, project.contract_digest, (rows, quarantine), checked.failures
        ),
        status="refused" if checked.refused else "accepted" if sound else "empty",
        sentence=_sentence(counts, checked.refused, told["files"]),
        contract=project.contract_digest,
        timezone=project.timezone,
        counts=counts,
        failures=checked.failures,
        ignored_columns=checked.ignored_columns,
        largest_gap_minutes=_largest_gap(checked, project, as_of) if sound else None,
        profile=_profile_of(checked, project) if sound else (),
        rows=rows,
        quarantine=quarantine,
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


def _profile_of(checked: Checked, project: Project) -> tuple[ColumnProfile, ...]:
    rules = project.contract
    return profile(checked.kept, sensitive_names(rules), name_of(rules, "key"))


def _largest_gap(checked: Checked, project: Project, as_of: date) -> float:
    times = checked.kept[name_of(project.contract, "time")]
    return LocalNight(as_of, project.timezone).largest_gap_minutes(times)


def find_unmatched(matches: tuple[Match, ...]) -> tuple[Failure, ...]:
    """Joins that found too little, as broken rules of the whole table."""
    return tuple(
        Failure(
            column=match.name,
            check=f"{match.name} matched {match.matched} of {match.rows} rows "
            f"({match.share:.1%}, limit {match.limit:.1%})",
            rows=match.rows - match.matched,
            sensitive=False,
        )
        for match in matches
        if match.share < match.limit
    )


def _unreadable(project: Project, as_of: date, files: tuple[SourceFile, ...], error: str) -> Batch:
    failure = Failure(
        column="", check="unreadable", rows=0, examples=(error[:200],), sensitive=False
    )
    return Batch(
        project=project.name,
        as_of=as_of,
        revision=1,
        id=digest_of([project.name, str(as_of), [file.sha256 for file in files], error]),
        status="refused",
        sentence=error,
        files=files,
        contract=project.contract_digest,
        timezone=project.timezone,
        counts=Counts(read=0, kept=0, quarantined=0, deduplicated=0),
        failures=(failure,),
        as_delivered=True,
    )


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


def _sentence(counts: Counts, refused: str | None, files: tuple[SourceFile, ...] = ()) -> str:
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


def profile(
    frame: pd.DataFrame, sensitive: frozenset[str], key: str | None = None
) -> tuple[ColumnProfile, ...]:
    """Each column in short; values of sensitive columns and of keys and times stay out."""
    return tuple(
        _profile_key(str(name), frame[name])
        if name == key
        else _profile_column(str(name), frame[name], name not in sensitive)
        for name in frame.columns
    )


def _profile_key(name: str, values: pd.Series) -> ColumnProfile:
    """Kept keys are each there once: to count them was a tenth of a large night's time."""
    known, dtype = int(values.notna().sum()), str(values.dtype)
    return ColumnProfile(column=name, dtype=dtype, nulls=len(values) - known, distinct=known)


def _profile_column(name: str, values: pd.Series, is_shown: bool) -> ColumnProfile:
    nulls, dtype = int(values.isna().sum()), str(values.dtype)
    if pd.api.types.is_float_dtype(values):
        ordered = np.sort(values.to_numpy())[: len(values) - nulls]  # nulls are sorted to the end
        distinct = int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(len(ordered))
        quantiles = _quantiles(ordered) if is_shown else ()
        return ColumnProfile(
            column=name, dtype=dtype, nulls=nulls, distinct=distinct, quantiles=quantiles
        )
    distinct = int(values.nunique())
    top = _top(values) if is_shown and distinct <= len(values) / 2 else ()
    return ColumnProfile(column=name, dtype=dtype, nulls=nulls, distinct=distinct, top=top)


def _quantiles(ordered: np.ndarray) -> tuple[float, ...]:
    if not len(ordered):
        return ()
    marks = np.percentile(ordered, _MARKS, method="nearest")
    return tuple(float(mark) for mark in marks)


def _top(values: pd.Series) -> tuple[tuple[str, int], ...]:
    if str(values.dtype) != "str":
        return ()
    counts = values.value_counts().head(5)
    return tuple((str(value), int(count)) for value, count in counts.items())
