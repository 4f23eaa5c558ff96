"""One retrain: judge a challenger, promote it when it passed."""

from datetime import date
from typing import Literal

from prefect import flow

from flows.clock import check_begun
from flows.ending import end
from flows.find import find_project
from flows.forms import Actor
from flows.naming import run_name
from flows.nights import named_night, newest_or_tonight
from schemas.judgement import Cause
from schemas.period import AsOf
from schemas.project import Project
from tasks.alerts import tell_people
from tasks.artifacts import publish_retrain
from tasks.batches import finish_erasure
from tasks.engine.alone import alone
from tasks.events import announce_move
from tasks.home import home
from tasks.monitoring import read_night
from tasks.promotion import roll_back_worse
from tasks.telling.states import Ending, end_of_repeat, end_of_retrain, nothing_due
from tasks.training import (
    find_attempt,
    find_repeat,
    find_undone,
    judge_challenger,
    promote_passed,
)


@flow(flow_run_name=run_name)
def retrain(
    project: str,
    as_of: AsOf | None = None,
    cause: Literal["person", "event"] = "person",
    actor: Actor = "person",
) -> str | None:
    """Fit a challenger, judge it on nights it has not seen, promote it when it passes.

    Args:
        project: The project's name; leave it as it is.
        as_of: The newest night that may be used, as a date in the project's time zone. Leave
            empty for the newest one.
        cause: Leave at person. An event carries out what the store says is undone, if anything.
        actor: Your name; it stays in the records.
    """
    found = find_project(project)
    with alone(found.name):
        finish_erasure(found)
        if cause == "event":
            key, ending = _carry_out_undone(found)
        else:
            night = named_night(found, as_of) if as_of else newest_or_tonight(found)
            key, ending = _by_hand(found, night, actor)
        tell_people(found)
    return end(key, ending)


def carry_out(project: Project, night: str) -> str | None:
    """Carry out what a night decided; a decision that was carried out is not carried out again."""
    decided = read_night(night)
    if decided.decision.action == "rollback":
        return _go_back(project, night)
    if decided.decision.action == "wait":
        return None
    cause = (decided.decision.cause or Cause(kind="schedule")).model_copy(update={"night": night})
    judgement = find_attempt(project, night) or judge_challenger(project, decided.as_of, cause)
    return settle(project, judgement) if judgement else None


def _go_back(project: Project, night: str) -> str | None:
    key = roll_back_worse(project, night)
    if key:
        announce_move(project, key)
    return key


def _carry_out_undone(project: Project) -> tuple[str | None, Ending]:
    undone = find_undone(project)
    if undone is None:
        return None, nothing_due(home(), project.name)
    key = carry_out(project, undone.night_key)
    return key, end_of_retrain(home(), key)


def _by_hand(project: Project, as_of: date, actor: str) -> tuple[str | None, Ending]:
    check_begun(project, as_of)
    repeated = find_repeat(project, as_of)
    if repeated:
        return repeated, end_of_repeat(home(), repeated)
    judgement = judge_challenger(project, as_of, Cause(kind="person", actor=actor))
    key = settle(project, judgement) if judgement else None
    return key, end_of_retrain(home(), key)


def settle(project: Project, judgement: str) -> str:
    """Promote what the judgement allows, show and announce it; the key of how it ended."""
    key = promote_passed(project, judgement)
    publish_retrain(project, key)
    announce_move(project, key)
    return key
