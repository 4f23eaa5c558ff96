"""One night from source to committed batch, in one go. The checks are `tasks.core.checking`.

Nights that are too large to be held as a whole go through `tasks.engine.large_night`.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from schemas.batch import Batch, Counts, Failure, Match, SourceFile
from schemas.contract import sensitive_names
from schemas.errors import DataUnreadable
from schemas.project import Project
from schemas.record import digest_of
from schemas.source import Raw
from tasks.core.by_row import goes_by_row
from tasks.core.checking import Checked, check_rows
from tasks.core.cleaning import clean_rows
from tasks.core.local_time import LocalNight
from tasks.engine.batch_record import conserve, make_batch, sentence_of
from tasks.engine.keeping.erased import erased_keys
from tasks.engine.kept_accepted import is_as_read, is_told, keep_accepted
from tasks.engine.large_night import ingest_large
from tasks.engine.records import newest, next_revision
from tasks.store import Store, keys


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
        batch = _read_batch(store, project, as_of, before)
    except DataUnreadable as error:
        batch = keep_accepted(project, before, files, str(error)) or _unreadable(
            project, as_of, files, str(error)
        )
    if batch is None or (before and is_told(before[1], batch)):
        return before[0] if before else None
    revision = next_revision(before[0] if before else None)
    key = keys.batch(project.name, as_of, revision)
    store.commit(key, batch.model_copy(update={"revision": revision}))
    return key


def _read_batch(
    store: Store, project: Project, as_of: date, before: tuple[str, Batch] | None
) -> Batch | None:
    if goes_by_row(project, as_of):
        with project.source.open_large(as_of) as large:
            if large is not None:
                return ingest_large(store, project, as_of, large)
    raw = project.source.read(as_of)
    if raw is None:
        return None
    night = LocalNight(as_of, project.timezone)
    checked, counts, told = check_delivery(store, project, as_of, raw, night)
    refusal = checked.refused and sentence_of(counts, checked.refused)
    kept = keep_accepted(project, before, raw.files, refusal) if refusal else None
    return kept or make_batch(store, project, as_of, checked, counts, told)


def check_delivery(
    store: Store, project: Project, as_of: date, raw: Raw, night: LocalNight | None
) -> tuple[Checked, Counts, dict[str, Any]]:
    """What was read, cleaned and proved; its counts; and what else a record tells of it.

    With a `night`, rows must belong into it.
    """
    known = erased_keys(store, project.name)
    frame, erased = known.leave_out(raw.frame, project.contract)
    cleaned = clean_rows(frame, project.cleaning, as_of, sensitive_names(project.contract))
    limit, unmatched = project.policy.quarantine_limit, find_unmatched(raw.matches)
    checked = check_rows(cleaned.frame, project.contract, limit, night, whole=unmatched)
    checked = _with_problems(checked, raw.matches)
    counts = conserve(checked.counts, len(raw.frame), erased, cleaned.dropped)
    told = {"files": raw.files, "matches": raw.matches, "cleaning": cleaned.steps}
    return checked, counts, told


def _with_problems(checked: Checked, matches: tuple[Match, ...]) -> Checked:
    """The cause first: of rows that are refused, what was wrong with the joins before."""
    problems = [match.problem for match in matches if match.problem]
    if checked.refused is None or not problems:
        return checked
    return replace(checked, refused="; ".join([*problems, checked.refused]))


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
        column="", check="could not be used", rows=0, examples=(error[:200],), sensitive=False
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
