"""What pages tell, collected from the store as plain values. Words are `tasks.telling`.

Project files are not loaded, since they bring pandas: what is not in the store is not told here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from deployments.why import Explained, explain_recorded
from schemas.errors import InvalidName, NotYet, StoreError
from schemas.judgement import Verdict
from schemas.ledger import Standing
from schemas.monitoring import ColumnDrift
from schemas.names import check_name
from schemas.night import Night
from schemas.profile import Profile
from schemas.settings import current_settings
from tasks.engine.model_card import model_card
from tasks.engine.reconcile import entry_for, judgements_for
from tasks.engine.records import newest
from tasks.engine.standing import newest_night, night_of
from tasks.home import home
from tasks.sources.simulated import announce
from tasks.store import keys
from tasks.store.ledger import read_standing
from tasks.telling.flips import what_would_flip
from tasks.telling.line import Line
from tasks.telling.model_card import model_card_paper
from tasks.telling.nights import by_nearness
from tasks.telling.paper import Paper
from tasks.telling.reasons import Reason, reasons_of, tell_counts
from tasks.telling.retrains import tell_judgement
from tasks.telling.states import Ending, end_of_retrain

NIGHTS_SHOWN = 60

_LED_THERE = ("train", "gate", "metrics")  # the verdicts are a table of their own


@dataclass(frozen=True)
class ProjectLine:
    """Where a project stands, or the problem that keeps its records from telling."""

    name: str
    night: Night | None = None
    standing: Standing | None = None
    problem: str | None = None


@dataclass(frozen=True)
class NightLine:
    """One night: its newest record, how many there are, how its retrains ended; or the problem."""

    as_of: date
    revisions: int
    night: Night | None = None
    endings: tuple[Ending, ...] = ()
    is_simulated: bool = False
    problem: str | None = None


@dataclass(frozen=True)
class NightsShown:
    """Nights of a project, newest first; `older` is the night before which there are more."""

    project: ProjectLine
    nights: tuple[NightLine, ...]
    older: date | None


@dataclass(frozen=True)
class RetrainTold:
    """One retrain that the night asked for: how it ended, and what led there."""

    key: str
    ending: Ending
    lines: tuple[Line, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class NightTold:
    """One night in full and the recorded nights beside it.

    `columns` begin with the nearest, `reasons` of the quarantine with that of most rows; `counts`
    says where its rows went. Whether somebody had its profile made says `is_profiled`.
    """

    explained: Explained
    retrains: tuple[RetrainTold, ...]
    flips: str | None
    columns: tuple[ColumnDrift, ...]
    reasons: tuple[Reason, ...]
    counts: str
    is_profiled: bool
    previous: date | None
    following: date | None


def projects() -> tuple[ProjectLine, ...]:
    """Every project with a recorded night, in order of names; damage to one hides no other."""
    return tuple(_project(name) for name in _names())


def nights(project: str, before: date | None = None) -> NightsShown:
    """The newest nights of a project, or those before a date.

    Raises:
        NotYet: none of its nights is recorded.
    """
    recorded = [day for day in _recorded(project) if before is None or day < before]
    shown = recorded[-NIGHTS_SHOWN:]
    return NightsShown(
        project=_project(project),
        nights=tuple(_night(project, day) for day in reversed(shown)),
        older=shown[0] if len(recorded) > len(shown) else None,
    )


def night(project: str, as_of: date) -> NightTold:
    """Everything about a night.

    Raises:
        NotYet: it is not recorded.
    """
    recorded = _recorded(project)
    explained = explain_recorded(project, as_of, _announced(project, as_of))
    columns = explained.night.evidence.drift.columns
    return NightTold(
        explained=explained,
        retrains=tuple(_retrains(project, explained.key)),
        flips=what_would_flip(explained.night),
        columns=(*by_nearness(columns), *(column for column in columns if not column.can_alarm)),
        reasons=reasons_of(explained.batch) if explained.batch else (),
        counts=tell_counts(explained.batch.counts) if explained.batch else "",
        is_profiled=bool(home().places("profiles", project, as_of)),
        previous=max((day for day in recorded if day < as_of), default=None),
        following=min((day for day in recorded if day > as_of), default=None),
    )


def card(project: str, version: str) -> Paper:
    """The card of a model version.

    Raises:
        InvalidName, NotYet: that is no version, or there is none of this name.
    """
    return model_card_paper(model_card(home(), project, version))


def report(project: str, as_of: date) -> bytes:
    """The night's report, gzipped as it is stored and verified.

    Raises:
        NotYet: the night is not recorded, or has no report.
    """
    found = night_of(home(), project, as_of)
    if found is None:
        raise NotYet(f"{project}: night {as_of} is not recorded")
    if found[1].report is None:
        raise NotYet(f"{project} {as_of}: no report; it needs a champion and a sound batch")
    return home().read_bytes(found[1].report)


def profile(project: str, as_of: date) -> bytes:
    """The night's newest profile, as `report`.

    Raises:
        NotYet: nobody had it made.
    """
    found = newest(home(), Profile, project, as_of)
    if found is None:
        raise NotYet(
            f"{project} {as_of}: no profile yet; driftloop report {project} {as_of} --profile"
        )
    return home().read_bytes(found[1].page)


def _names() -> list[str]:
    found = {key.split("/")[1] for key in home().backend.keys("nights/")}
    return sorted(name for name in found if _is_name(name))


def _is_name(name: str) -> bool:
    try:
        return bool(check_name(name, "project"))
    except InvalidName:  # not ours: driftloop verify names it
        return False


def _project(name: str) -> ProjectLine:
    try:
        newest = newest_night(home(), name)
        standing = read_standing(home(), name)
    except StoreError as error:
        return ProjectLine(name, problem=str(error))
    return ProjectLine(name, newest[1] if newest else None, standing)


def _recorded(project: str) -> list[date]:
    days = {place.as_of for place, _ in home().places("nights", project) if place.as_of}
    if not days:
        known = ", ".join(_names()) or "none yet; driftloop night PROJECT records the first"
        raise NotYet(f"No night of {project} is recorded here. Projects with nights: {known}.")
    return sorted(days)


def _night(project: str, as_of: date) -> NightLine:
    found = home().revisions("nights", project, as_of)
    try:
        record = home().record(found[-1], Night)
        endings = tuple(retrain.ending for retrain in _retrains(project, found[-1]))
    except StoreError as error:
        return NightLine(as_of, len(found), problem=str(error))
    return NightLine(as_of, len(found), record, endings, bool(_announced(project, as_of)))


def _retrains(project: str, night_key: str) -> Iterator[RetrainTold]:
    """How each retrain that the night asked for ended."""
    for key, judgement in judgements_for(home(), project, night_key):
        entry = entry_for(home(), project, key)
        last = keys.ledger(project, entry.seq) if entry else key
        yield RetrainTold(
            key=key,
            ending=Ending(end_of_retrain(home(), last).name, judgement.sentence),
            lines=tuple(x for x in tell_judgement(judgement) if x.step in _LED_THERE),
            verdicts=judgement.verdicts,
        )


def _announced(project: str, as_of: date) -> tuple[str, ...]:
    """What is simulated; only the landing zone of the project flights ever holds simulations."""
    return announce(current_settings().landing, as_of) if project == "flights" else ()
