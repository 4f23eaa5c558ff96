"""Where projects stand, and whether a night is overdue. Read from the store.

A source is only asked what it has, and only where nights are missing in the store.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from flows.clock import hours_since_end
from flows.find import SHIPPED, Found, find_project, list_projects
from flows.nights import unrun_nights
from schemas.errors import DriftloopError, InvalidName, StoreError
from schemas.ledger import BadNight
from schemas.night import Night
from schemas.project import Project
from schemas.upcoming import Upcoming
from tasks.engine.standing import committed_as_of, newest_night, night_of
from tasks.engine.training_set import champion_may_know
from tasks.home import home
from tasks.store.ledger import entries, read_standing
from tasks.telling.approval import tell_waiting
from tasks.telling.cleaning import tell_standing
from tasks.telling.nights import tell_bad_night
from tasks.telling.open_alarms import OpenAlarm, open_alarms
from tasks.telling.probation import tell_probation
from tasks.telling.proposals import tell_proposals
from tasks.telling.retrains import tell_entry
from tasks.telling.unrun import tell_unrun
from tasks.telling.upcoming import upcoming_sentence

_BAD_SHOWN = 5
_SINCE_SHOWN = 3
UNREADABLE = "Unreadable"
"""State of a project whose file or records cannot be read."""


@dataclass(frozen=True)
class Status:
    """One project's standing."""

    project: str
    problem: str | None
    newest: date | None
    state: str
    sentence: str
    champion: str | None
    frozen: str | None
    bad: tuple[BadNight, ...]
    knows_bad: bool
    """Whether the champion was trained on a night marked bad, or may have been."""
    alarms: tuple[OpenAlarm, ...]
    hours: float | None
    next: str
    """What to type next."""
    upcoming: str | None = None
    """What came of the newest rows to predict ahead, where the project has any."""
    refused: tuple[str, ...] = ()
    """Earlier nights that stand though a joined table was refused since."""
    unreadable: int = 0
    """The exit code of the store's error that hides it."""
    since: tuple[str, ...] = ()
    """Decisions of the ledger that the newest night does not know yet, oldest first."""
    probation: str | None = None
    """How promotions on probation do against the champion before them."""
    approval: str | None = None
    """What waits for a person's approval."""
    proposed: tuple[str, ...] = ()
    """What the newest searches propose that the project file does not say."""
    unrun: tuple[date, ...] = ()
    """Delivered nights that no run has taken up, and that the next one does not make up for."""
    shipped: bool = False
    """Whether its file came with driftloop."""

    @property
    def is_unused(self) -> bool:
        """Whether it is an example that nobody has brought data for."""
        return self.shipped and self.problem is not None and self.newest is None

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "bad": [bad.model_dump(mode="json") for bad in self.bad]}

    def lines(self) -> Iterator[tuple[str, str]]:
        """For people."""
        if self.problem:
            yield "problem", self.problem
        if self.state == UNREADABLE:
            return
        yield from self._nights()
        yield from self._service()
        for bad in self.bad[-_BAD_SHOWN:]:
            yield "marked bad", f"{bad.night} {tell_bad_night(self.project, bad)}"
        if len(self.bad) > _BAD_SHOWN:
            yield "marked bad", f"and {len(self.bad) - _BAD_SHOWN} earlier nights"
        if self.upcoming:
            yield "upcoming", self.upcoming
        for alarm in self.alarms:
            yield "alarm", str(alarm)
        yield "next", self.next

    def _service(self) -> Iterator[tuple[str, str]]:
        known = ", which knows a night marked bad" if self.knows_bad else ""
        yield "champion", f"{self.champion or 'none yet'}{known}"
        if self.approval:
            yield "approval", self.approval
        if self.probation:
            yield "probation", self.probation
        for told in self.proposed:
            yield "proposed", told
        if self.frozen:
            yield "frozen", f"{self.frozen}; driftloop unfreeze {self.project} --reason ..."

    def _nights(self) -> Iterator[tuple[str, str]]:
        yield "night", f"{self.newest}, {self.sentence}" if self.newest else "none yet"
        if self.unrun:
            yield "not run", tell_unrun(self.project, self.unrun)
        for told in self.refused:
            yield "refused", told
        for told in self.since:
            yield "since", told


def project_status(name: str | None) -> list[Status]:
    """The standing of one project, or of all; what cannot be read of one hides no other."""
    if name:
        return [_status(find_project(name), None)]
    return [
        replace(_status_of(found), shipped=found.where.parent == SHIPPED)
        for found in list_projects()
    ]


def _status_of(found: Found) -> Status:
    if found.project is None:
        return _unreadable(found.name, found.problem or "its file has no project")
    try:
        return _status(found.project, found.problem)
    except StoreError as error:
        return _unreadable(found.name, str(error), error.exit_code)
    except DriftloopError as error:
        return _unreadable(found.name, str(error))


def _unreadable(project: str, problem: str, exit_code: int = 0) -> Status:
    return Status(
        project=project,
        problem=problem,
        newest=None,
        state=UNREADABLE,
        sentence="",
        champion=None,
        frozen=None,
        bad=(),
        knows_bad=False,
        alarms=(),
        hours=None,
        next="",
        unreadable=exit_code,
    )


def too_old(found: list[Status], max_age: str) -> list[str]:
    """A sentence for each project that cannot be read, or whose newest night is older.

    Raises:
        InvalidName: `max_age` is not a number of hours or days, such as 26h or 2d.
    """
    match = re.fullmatch(r"(\d{1,5})([hd])", max_age)
    if not match:
        raise InvalidName(
            f"--max-age {max_age[:40]!a} is refused: write hours or days, as 26h or 2d"
        )
    limit = timedelta(**{{"h": "hours", "d": "days"}[match[2]]: int(match[1])})
    watched = [one for one in found if one.problem is None or one.state == UNREADABLE]
    return [
        f"{one.project}: {one.problem}"
        if one.problem
        else f"{one.project}: the newest night is {one.newest or 'none'}, older than {max_age}"
        for one in watched
        if one.hours is None or timedelta(hours=one.hours) > limit
    ]


def _newest_by_date(project: Project) -> tuple[str, Night] | None:
    """The newest night's record; one that was committed later may be of a night before it."""
    if newest_night(home(), project.name) is None:
        return None
    return night_of(home(), project.name, committed_as_of(home(), project, date.min))


def _status(project: Project, problem: str | None) -> Status:
    night = _newest_by_date(project)
    standing = read_standing(home(), project.name)
    knows_bad = champion_may_know(home(), project.name, standing.champion, standing.bad_nights)
    record = night[1] if night else None
    return Status(
        project=project.name,
        problem=problem,
        newest=record.as_of if record else None,
        state=record.decision.state if record else "No night yet",
        sentence=record.decision.sentence if record else "",
        champion=standing.champion,
        frozen=(standing.frozen_reason or "frozen") if standing.frozen else None,
        bad=standing.bad,
        knows_bad=knows_bad,
        alarms=open_alarms(home(), project.name),
        hours=hours_since_end(project, record.as_of) if record else None,
        next=_next(project.name, record, standing.champion),
        upcoming=_upcoming(project),
        approval=tell_waiting(home(), project),
        probation=tell_probation(record) if record else None,
        proposed=tuple(tell_proposals(home(), project)),
        since=_since(project.name, record),
        unrun=unrun_nights(project),
        refused=tuple(one.text for one in tell_standing(home(), record)) if record else (),
    )


def _next(project: str, night: Night | None, champion: str | None) -> str:
    """The first night, the first champion out of a history, or what explains the newest night."""
    if night is None:
        return f"driftloop night {project}"
    is_untrained = champion is None and not home().places("judgements", project, night.as_of)
    if night.evidence.history and is_untrained:
        return f"driftloop retrain {project}"
    return f"driftloop why {project} {night.as_of}"


def _since(project: str, night: Night | None) -> tuple[str, ...]:
    if night is None:
        return ()
    found = [one for one in entries(home(), project) if one.seq > night.evidence.ledger]
    return tuple(tell_entry(entry) for entry in found[-_SINCE_SHOWN:])


def _upcoming(project: Project) -> str | None:
    if project.upcoming is None:
        return None
    places = home().places("upcoming", project.name)
    if not places:
        return f"never predicted; driftloop upcoming {project.name}"
    record = home().record(places[-1][1], Upcoming)
    return f"{record.as_of}: {upcoming_sentence(record)}"
