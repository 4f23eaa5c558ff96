"""The page of one night, from its records: decision first, then numbers, pictures, the next step.

The words are those of `tasks.telling.nights`; a retrain's page is `tasks.telling.retrain_page`.
"""

from collections.abc import Iterator

from schemas.batch import Batch
from schemas.contract import sensitive_names
from schemas.errors import StoreError
from schemas.monitoring import ColumnDrift
from schemas.night import Night
from schemas.project import Project
from tasks.engine.reconcile import entry_for, judgements_for
from tasks.store import Store
from tasks.telling.distributions import read_distributions
from tasks.telling.flips import what_would_flip
from tasks.telling.links import night_link, profile_link, report_link
from tasks.telling.markdown import (
    Page,
    code,
    heading,
    links,
    page,
    paragraph,
    picture,
    quote,
    table,
)
from tasks.telling.next_steps import after_night
from tasks.telling.night_diagram import Told, draw_night
from tasks.telling.nights import by_nearness, tell_night
from tasks.telling.pictures.distributions import draw_distributions
from tasks.telling.pictures.quality import draw_quality
from tasks.telling.reasons import Reason, reasons_of, tell_counts

MOST_ROWS = 20
"""Of columns and of broken rules; those that matter least are counted."""


def night_page(store: Store, project: Project, key: str) -> Page:
    """The night under this record's key, with what became of its decision so far."""
    told = _told(store, project, key)
    return page(told.night.decision.sentence, _blocks(store, project, key, told))


def _told(store: Store, project: Project, key: str) -> Told:
    night = store.record(key, Night)
    attempts = judgements_for(store, project.name, key)
    last_key, last = attempts[-1] if attempts else (None, None)
    return Told(
        night=night,
        batch=store.record(night.batch, Batch) if night.batch else None,
        judgement=last,
        entry=entry_for(store, project.name, last_key) if last_key else None,
    )


def _blocks(store: Store, project: Project, key: str, told: Told) -> Iterator[str]:
    night = told.night
    yield paragraph(f"{project.name}, night {night.as_of}: {project.about}")
    for text in project.source.announcements(night.as_of):
        yield quote(text)
    yield _links(store, night)
    yield heading("What happened")
    lines = [line for line in tell_night(store, key) if line.step != "decide"]
    yield table(("Step", "What it came to"), [(line.step, line.text) for line in lines])
    yield code([draw_night(told)], "mermaid")
    yield from _drift(night)
    yield from _distributions(store, project, night)
    yield from _quality(night)
    yield from _quarantine(told.batch, sensitive_names(project.contract))
    if flips := what_would_flip(night):
        yield heading("What would have flipped it")
        yield paragraph(flips)
    yield heading("Next")
    yield code(after_night(night))
    yield paragraph(f"Record: {key}")


def _links(store: Store, night: Night) -> str:
    report = report_link(night.project, night.as_of) if night.report else None
    is_profiled = bool(store.places("profiles", night.project, night.as_of))
    profile = profile_link(night.project, night.as_of) if is_profiled else None
    page_of_night = night_link(night.project, night.as_of)
    return links(
        [("Evidently's report", report), ("Profile", profile), ("This night's page", page_of_night)]
    )


def _drift(night: Night) -> Iterator[str]:
    columns = night.evidence.drift.columns
    if not columns:
        return
    watched = by_nearness(columns)
    yield heading("Drift from the champion's reference")
    yield table(
        ("Column", "Distance", "Threshold", "Of the threshold", "Drifted"),
        [_drift_row(column) for column in watched[:MOST_ROWS]],
        right=(1, 2, 3),
    )
    yield paragraph(_not_shown(len(watched), len(columns)))


def _drift_row(column: ColumnDrift) -> tuple[str, ...]:
    share = column.distance / column.threshold
    return (
        column.column,
        f"{column.distance:.3f}",
        f"{column.threshold:.3f}",
        f"{share:.0%}",
        "yes" if column.drifted else "no",
    )


def _not_shown(watched: int, columns: int) -> str:
    """How many columns are missing in the table, and why."""
    told = []
    if watched > MOST_ROWS:
        told.append(f"{watched - MOST_ROWS} more columns came less near.")
    if columns > watched:
        told.append(f"{columns - watched} columns cannot alarm and are left out.")
    return " ".join(told)


def _distributions(store: Store, project: Project, night: Night) -> Iterator[str]:
    try:
        found = read_distributions(store, night, sensitive_names(project.contract))
    except StoreError as error:  # the numbers above hold without the pictures
        yield paragraph(f"The distributions cannot be drawn: {error}")
        return
    if found:
        yield picture(draw_distributions(found))


def _quality(night: Night) -> Iterator[str]:
    points = night.evidence.quality.points
    if night.evidence.quality.state == "known" and points:
        yield heading("Quality against its limits")
        yield picture(draw_quality(points, night.policy))


def _quarantine(batch: Batch | None, sensitive: frozenset[str]) -> Iterator[str]:
    if batch is None or not batch.failures:
        return
    reasons = reasons_of(batch, sensitive)
    yield heading("Rows set aside")
    yield paragraph(f"{tell_counts(batch.counts)} A row may break several rules.")
    yield table(
        ("Column", "Broken rule", "Rows", "Share", "Such as", "Meaning", "Owner"),
        [_reason_row(reason) for reason in reasons[:MOST_ROWS]],
        right=(2, 3),
    )
    if len(reasons) > MOST_ROWS:
        yield paragraph(f"{len(reasons) - MOST_ROWS} more rules were broken by fewer rows.")
    if batch.quarantine:
        yield code([f"driftloop quarantine {batch.project} {batch.as_of} --rows 5"])


def _reason_row(reason: Reason) -> tuple[str, ...]:
    told = reason.of_rows, reason.shown, reason.meaning, reason.owner
    return reason.column, reason.rule, f"{reason.rows:,}", *(text or "-" for text in told)
