"""The only reader of the clock: which night it is, and whether its deadline has passed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from prefect.runtime import flow_run

from schemas.errors import InvalidName
from schemas.project import Project


def tonight(project: Project) -> date:
    """The night that a run is about: the day before it was scheduled, in the project's zone.

    A run that starts late, or that nobody scheduled, is about its own time's night all the same.
    """
    scheduled = flow_run.scheduled_start_time or datetime.now(UTC)
    return _local_date(project, scheduled) - timedelta(days=1)


def check_begun(project: Project, as_of: date) -> None:
    """Refuse a night of the future: once it is recorded, every real night after it comes late.

    Raises:
        InvalidName: the night has not begun.
    """
    today = _now(project).date()
    if as_of > today:
        raise InvalidName(
            f"{project.name}: night {as_of} is refused: it has not begun, in {project.timezone} "
            f"it is {today}"
        )


def is_past_deadline(project: Project, as_of: date) -> bool:
    """Whether data of this night counts as missing, no longer as not yet there."""
    zone = ZoneInfo(project.timezone)
    deadline = datetime.combine(as_of + timedelta(days=1), time(project.deadline), zone)
    return _now(project) >= deadline


def hours_since_end(project: Project, as_of: date) -> float:
    """Hours since this night ended, at midnight in the project's zone."""
    end = datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(project.timezone))
    return (_now(project) - end).total_seconds() / 3600


def _local_date(project: Project, instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(project.timezone)).date()


def _now(project: Project) -> datetime:
    return datetime.now(ZoneInfo(project.timezone))
