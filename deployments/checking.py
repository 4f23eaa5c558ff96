"""A dry run of a project in a store of its own that is thrown away."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flows.find import find_project
from schemas.batch import Batch
from schemas.errors import NotYet
from schemas.examination import Examination
from schemas.judgement import Cause, Judgement
from schemas.period import shift, within
from schemas.project import Project
from tasks.engine.attempt import make_attempt
from tasks.engine.history import ingest_history
from tasks.engine.records import newest_by_night
from tasks.store import Store, open_store
from tasks.telling.examined import gain_rows, tell_alarms, tell_useless
from tasks.telling.reasons import reasons_of

_SHOWN = 5


def check_project(
    name: str, as_of: date | None, nights: int, folder: Path
) -> Iterator[tuple[str, str]]:
    """Read the newest nights, validate them, fit and judge one challenger; one line a step.

    Raises:
        NotYet: the project's data is not here, or there is none up to that night.
    """
    project = find_project(name)
    hint = project.source.missing_hint()
    if hint:
        raise NotYet(f"{name}: {hint}")
    last = _newest_delivered(project, as_of)
    if last is None:
        raise NotYet(f"{name}: nothing was delivered up to {as_of}")
    store = open_store((folder / "store").as_uri(), folder / "cache")
    ingest_history(store, project, shift(last, 1 - nights), last)
    yield from tell_batches(store, project)
    yield from _tell_attempt(store, project, last)


def _newest_delivered(project: Project, as_of: date | None) -> date | None:
    """The newest night that has something, up to this one. Sources may list days for all kinds."""
    for night in reversed(project.source.nights()):
        for one in within(project.period, night, project.timezone):
            is_asked = as_of is None or one <= as_of
            if is_asked and (project.period == "day" or project.source.fingerprint(one)):
                return one
    return None


def tell_batches(store: Store, project: Project) -> Iterator[tuple[str, str]]:
    """What became of the rows of all nights that are stored, and why of those set aside."""
    batches = [batch for _, batch in newest_by_night(store, Batch, project.name).values()]
    kept = sum(batch.counts.kept for batch in batches)
    aside = sum(batch.counts.quarantined for batch in batches)
    yield "read", f"{len(batches)} nights, {kept:,} rows kept, {aside:,} quarantined"
    yield from _tell_steps(batches)
    for batch in [b for b in batches if b.status != "accepted"][:_SHOWN]:
        yield "refused", f"{batch.as_of}: {batch.sentence}"
    broken = [(batch.as_of, reason) for batch in batches for reason in reasons_of(batch)]
    for night, reason in broken[:_SHOWN]:
        yield "broken", f"{night}: {reason.text}"


def _tell_steps(batches: list[Batch]) -> Iterator[tuple[str, str]]:
    """What joins and cleaning came to over all nights."""
    matches = [match for batch in batches for match in batch.matches]
    for name in dict.fromkeys(match.name for match in matches):
        rows = sum(match.rows for match in matches if match.name == name)
        matched = sum(match.matched for match in matches if match.name == name)
        yield "join", f"{name} matched {matched:,} of {rows:,} rows"
    steps = [step for batch in batches for step in batch.cleaning]
    for told in dict.fromkeys(step.step for step in steps):
        rows = sum(step.before for step in steps if step.step == told)
        changed = sum(step.changed for step in steps if step.step == told)
        dropped = sum(step.dropped for step in steps if step.step == told)
        yield "clean", f"{told}: {changed:,} of {rows:,} rows changed, {dropped:,} dropped"


def _tell_attempt(store: Store, project: Project, last: date) -> Iterator[tuple[str, str]]:
    key = make_attempt(store, project, last, Cause(kind="person", actor="check"))
    if key is None:
        yield "train", "not enough labelled nights to fit and judge anything"
        return
    judgement = store.record(key, Judgement)
    if judgement.challenger:
        yield "train", f"{judgement.challenger.rows:,} rows of {judgement.challenger.nights} nights"
    yield "judge", judgement.sentence
    if judgement.examination:
        yield from _tell_examination(judgement.examination)


def _tell_examination(examination: Examination) -> Iterator[tuple[str, str]]:
    """Leak alarms, then a line a feature."""
    yield from ((line.step, line.text) for line in tell_alarms(examination))
    for feature, gain, interval in gain_rows(examination.gains):
        yield "gain", f"{feature:<24} {gain:>10} of loss a row, {interval}"
    yield from ((line.step, line.text) for line in tell_useless(examination))
