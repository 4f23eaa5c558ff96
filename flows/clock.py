"""The only reader of the clock: which night it is, and whether its deadline has passed."""

from datetime import UTC, date, datetime

from prefect.runtime import flow_run

from schemas.errors import InvalidName
from schemas.period import end_of, holding, shift
from schemas.project import Project


def tonight(project: Project) -> date:
    """The night that a run is about: the last one that had ended when it was scheduled.

    A run that starts late, or that nobody scheduled, is about its own time's night all the same.
    """
    scheduled = flow_run.scheduled_start_time or datetime.now(UTC)
    return shift(holding(project.period, scheduled, project.timezone), -1)


def check_begun(project: Project, as_of: date) -> None:
    """Refuse a night of the future.

    Raises:
        InvalidName: the night has not begun.
    """
    today = _today(project)
    if as_of > today:
        raise InvalidName(
            f"{project.name}: night {as_of} is refused: it has not begun, in {_where(project)} it "
            f"is {today}"
        )


def check_over(project: Project, as_of: date) -> None:
    """Refuse a night that may still get rows: once it is recorded, every night before it is late.

    Raises:
        InvalidName: the night is not over, or has not begun.
    """
    check_begun(project, as_of)
    if as_of == _today(project):
        raise InvalidName(
            f"{project.name}: night {as_of} is refused: it is not over, in {_where(project)} it "
            f"still is {as_of}; the newest that can be run is {shift(as_of, -1)}"
        )


def is_past_deadline(project: Project, as_of: date) -> bool:
    """Whether data of this night counts as missing, no longer as not yet there."""
    return datetime.now(UTC) >= project.deadline_of(as_of)


def hours_since_end(project: Project, as_of: date) -> float:
    """Hours since this night ended."""
    return (datetime.now(UTC) - end_of(as_of, project.timezone)).total_seconds() / 3600


def _today(project: Project) -> date:
    return holding(project.period, datetime.now(UTC), project.timezone)


def _where(project: Project) -> str:
    return "UTC" if project.period == "hour" else project.timezone
