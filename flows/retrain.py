"""One retrain: judge a challenger, promote it when it passed."""

from datetime import date

from prefect import flow

from flows.find import find_project
from schemas.judgement import Cause
from tasks.engine.alone import alone
from tasks.monitoring import read_night
from tasks.training import find_attempt, judge_challenger, promote_passed


@flow(flow_run_name="{project} {as_of}")
def retrain(
    project: str, as_of: date, night: str | None = None, actor: str = "person"
) -> str | None:
    """Fit a challenger, judge it on nights it has not seen, promote it when it passes.

    A night's decision that was carried out already is not carried out again.

    Args:
        project: The project's name, as `driftloop projects` lists it.
        as_of: The newest night that may be used, as a date in the project's time zone.
        night: The key of the night record that asked for it; leave empty when started by hand.
        actor: Who starts it by hand.
    """
    found = find_project(project)
    cause = _cause_of(night) if night else Cause(kind="person", actor=actor)
    with alone(project):
        judgement = find_attempt(found, night) or judge_challenger(found, as_of, cause)
        return promote_passed(found, judgement) if judgement else None


def _cause_of(night: str) -> Cause:
    decided = read_night(night).decision.cause or Cause(kind="schedule")
    return decided.model_copy(update={"night": night})
