"""Tasks of a retrain: judge a challenger, promote what passed. Mere looks at the store are none.

Several a night would be a good part of what a night costs on a Prefect server.
"""

from datetime import date

from schemas.judgement import Cause
from schemas.project import Project
from tasks.engine import approval, attempt, promote, reconcile
from tasks.engine.reconcile import Undone
from tasks.home import home
from tasks.step import step


@step
def judge_challenger(project: Project, as_of: date, cause: Cause) -> str | None:
    """Fit and judge a challenger; the judgement's key, or None when there is no new data."""
    return attempt.make_attempt(home(), project, as_of, cause)


@step
def judge_approved(project: Project, as_of: date | None, reason: str, actor: str) -> str:
    """Judge the challenger that waits once more, approved; the judgement's key."""
    return approval.approve(home(), project, as_of, reason, actor)


@step
def promote_passed(project: Project, judgement: str) -> str:
    """Promote what the judgement allows; the key of the record that says how it ended."""
    return promote.settle_attempt(home(), project, judgement)


def find_attempt(project: Project, night: str | None) -> str | None:
    """The newest judgement that this night's decision caused already, unless it led nowhere."""
    return reconcile.find_attempt(home(), project.name, night) if night else None


def find_repeat(project: Project, as_of: date) -> str | None:
    """The refusal that judging now would only say again, if there is one."""
    return reconcile.find_repeat(home(), project, as_of)


def find_undone(project: Project) -> Undone | None:
    """A retrain that was decided and not carried out."""
    return reconcile.find_undone(home(), project.name)
