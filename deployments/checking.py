"""A dry run of a project in a store of its own that is thrown away."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

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
from tasks.telling.retrains import tell_embargo, tell_gate

T = TypeVar("T")
_SHOWN = 5


@dataclass(frozen=True)
class Checked:
    """A dry run, one line a step. `failure` is why no model can come of the project as it is."""

    lines: tuple[tuple[str, str], ...]
    failure: str | None


def check_project(name: str, as_of: date | None, nights: int, folder: Path) -> Checked:
    """Read the newest nights, validate them, fit and judge one challenger.

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
    judgement = _attempt(store, project, last)
    lines = (*tell_batches(store, project), *_tell_attempt(judgement))
    return Checked(lines, _why_useless(_batches(store, project), judgement))


def _attempt(store: Store, project: Project, last: date) -> Judgement | None:
    key = make_attempt(store, project, last, Cause(kind="person", actor="check"))
    return None if key is None else store.record(key, Judgement)


def _why_useless(batches: list[Batch], judgement: Judgement | None) -> str | None:
    if not any(batch.status == "accepted" for batch in batches):
        return f"none of {len(batches)} nights was accepted; mend the contract or the source"
    return judgement.sentence if judgement and judgement.outcome == "failed" else None


def _batches(store: Store, project: Project) -> list[Batch]:
    return [batch for _, batch in newest_by_night(store, Batch, project.name).values()]


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
    batches = _batches(store, project)
    kept = sum(batch.counts.kept for batch in batches)
    aside = sum(batch.counts.quarantined for batch in batches)
    yield "read", f"{len(batches)} nights, {kept:,} rows kept, {aside:,} quarantined"
    yield from _tell_steps(batches)
    yield from _few("refused", [b for b in batches if b.status == "refused"], _sentence)
    yield from _few("empty", [b for b in batches if b.status == "empty"], _sentence)
    broken = [(batch.as_of, reason) for batch in batches for reason in reasons_of(batch)]
    yield from _few("broken", broken, lambda one: f"{one[0]}: {one[1].text}")
    unusual = [(batch.as_of, one) for batch in batches for one in batch.unusual]
    yield from _few("unusual", unusual, lambda one: f"{one[0]}: {one[1].kind}: {one[1].sentence}")


def _sentence(batch: Batch) -> str:
    return f"{batch.as_of}: {batch.sentence}"


def _few(step: str, found: Sequence[T], tell: Callable[[T], str]) -> Iterator[tuple[str, str]]:
    """The first of them, and how many there are more."""
    yield from ((step, tell(one)) for one in found[:_SHOWN])
    if len(found) > _SHOWN:
        yield step, f"and {len(found) - _SHOWN} more"


def _tell_steps(batches: list[Batch]) -> Iterator[tuple[str, str]]:
    """What joins and cleaning came to over all nights."""
    matches = [match for batch in batches for match in batch.matches if match.rows]
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


def _tell_attempt(judgement: Judgement | None) -> Iterator[tuple[str, str]]:
    if judgement is None:
        yield "train", "not enough labelled nights to fit and judge anything"
        return
    if judgement.challenger:
        yield "train", f"{judgement.challenger.rows:,} rows of {judgement.challenger.nights} nights"
    if judgement.embargo:
        yield "embargo", tell_embargo(judgement.embargo)
    if judgement.contest and judgement.contest.held_out:
        yield "gate", tell_gate(judgement.contest)
    yield "judge", judgement.sentence
    if judgement.examination:
        yield from _tell_examination(judgement.examination)


def _tell_examination(examination: Examination) -> Iterator[tuple[str, str]]:
    """Leak alarms, then a line a feature."""
    yield from ((line.step, line.text) for line in tell_alarms(examination))
    for feature, gain, interval in gain_rows(examination.gains):
        yield "gain", f"{feature:<24} {gain:>10} of loss a row, {interval}"
    yield from ((line.step, line.text) for line in tell_useless(examination))
