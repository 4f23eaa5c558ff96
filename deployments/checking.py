"""A dry run of a project in a store of its own that is thrown away."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from flows.clock import check_begun
from flows.find import find_project
from schemas.batch import Batch
from schemas.errors import DataUnreadable, NotYet
from schemas.examination import Examination
from schemas.judgement import Cause, Judgement
from schemas.labels import Labels
from schemas.period import shift, within
from schemas.project import Project
from tasks.engine.attempt import make_attempt
from tasks.engine.history import ingest_history
from tasks.engine.labels import read_labels
from tasks.engine.records import newest_by_night
from tasks.store import Store, open_store
from tasks.telling.examined import gain_rows, tell_alarms, tell_useless
from tasks.telling.labels import tell_unusable
from tasks.telling.memorised import tell_memorisation
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
        InvalidName: the night has not begun.
    """
    project = find_project(name)
    if as_of is not None:
        check_begun(project, as_of)
    hint = project.source.missing_hint()
    if hint:
        raise NotYet(f"{name}: {hint}")
    last = _newest_delivered(project, as_of)
    if last is None:
        raise NotYet(f"{name}: nothing was delivered up to {as_of}")
    store = open_store((folder / "store").as_uri(), folder / "cache")
    first = shift(last, 1 - nights)
    ingest_history(store, project, first, last)
    judgement = _attempt(store, project, last)
    misnamed = _misnamed(store, project, last)
    lines = (
        *_tell_sample(project, first, last),
        *tell_batches(store, project),
        *(("problem", text) for text in misnamed),
        *_tell_attempt(store, project, judgement),
    )
    return Checked(lines, _why_useless(store, project, last, misnamed, judgement))


def _attempt(store: Store, project: Project, last: date) -> Judgement | None:
    key = make_attempt(store, project, last, Cause(kind="person", actor="check"))
    return None if key is None else store.record(key, Judgement)


def _why_useless(
    store: Store,
    project: Project,
    last: date,
    misnamed: tuple[str, ...],
    judgement: Judgement | None,
) -> str | None:
    batches = _batches(store, project)
    if misnamed:
        return f"the source does not fit what was delivered: {'; '.join(misnamed)}"
    if not any(batch.status == "accepted" for batch in batches):
        return f"none of {len(batches)} nights was accepted; mend the contract or the source"
    if judgement and judgement.outcome == "failed":
        return judgement.sentence
    return _why_unlabelled(store, project, last)


def _misnamed(store: Store, project: Project, last: date) -> tuple[str, ...]:
    """Columns that the source names and that a night lacks which is sound, or due, if any is."""
    night = next(reversed([*_due(store, project, last)]), last)
    try:
        return project.source.misnamed(night)
    except DataUnreadable:
        return ()  # the night's refusal says so


def _why_unlabelled(store: Store, project: Project, last: date) -> str | None:
    """Why no night has a label, where labels are due; None where one has, or none is due."""
    due = _due(store, project, last)
    labels = newest_by_night(store, Labels, project.name)
    if not due or any(one.kept for _, one in labels.values()):
        return None
    night = due[-1]
    why = read_labels(project, night)[1] or f"nothing was delivered for {night}"
    if night in labels:
        told = [line.text for line in tell_unusable(labels[night][1])]
        why = told[0] if told else f"those of {night} are empty"
    return f"none of {len(due)} nights whose labels are due has any: {why}"


def _due(store: Store, project: Project, last: date) -> list[date]:
    """The accepted nights whose label delay is over."""
    newest = shift(last, -project.label_delay)
    accepted = [one.as_of for one in _batches(store, project) if one.status == "accepted"]
    return [night for night in accepted if night <= newest]


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


def _tell_sample(project: Project, first: date, last: date) -> Iterator[tuple[str, str]]:
    """Which nights were read, and that these are not all, where more were delivered."""
    yield "nights", f"{first} to {last}"
    if any(night < first for night in project.source.nights()[:1]):
        yield "sample", f"older nights are left out here; driftloop retrain {project.name} uses all"


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
    problems = [match.problem for match in matches if match.problem]
    for problem in dict.fromkeys(problems):
        yield "join", f"on {problems.count(problem)} nights: {problem}"
    steps = [step for batch in batches for step in batch.cleaning]
    for told in dict.fromkeys(step.step for step in steps):
        rows = sum(step.before for step in steps if step.step == told)
        changed = sum(step.changed for step in steps if step.step == told)
        dropped = sum(step.dropped for step in steps if step.step == told)
        yield "clean", f"{told}: {changed:,} of {rows:,} rows changed, {dropped:,} dropped"


def _tell_attempt(
    store: Store, project: Project, judgement: Judgement | None
) -> Iterator[tuple[str, str]]:
    if judgement is None:
        labels = newest_by_night(store, Labels, project.name)
        labelled = sum(one.kept > 0 for _, one in labels.values())
        yield (
            "train",
            f"not enough labelled nights to fit and judge anything: {labelled} have labels",
        )
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
    for line in (*tell_useless(examination), *tell_memorisation(examination.memorisation)):
        yield line.step, line.text
