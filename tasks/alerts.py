"""Tasks that reach people: what they should know, by apprise, and the heartbeat of good nights.

What is pending is `tasks.engine.outbox`, its words are `tasks.telling.messages`.
"""

from datetime import date

from schemas.project import Project
from tasks.step import step


@step
def tell_people(project: Project) -> None:
    """Send what nobody was told yet; a failure is recorded, and the next night tries again."""


@step
def tell_failure(
    project: Project, flow: str, as_of: date | None, state: str, link: str | None
) -> None:
    """Send one message for a flow run that failed or crashed."""


@step
def beat(project: Project, night: str) -> None:
    """Ask for the heartbeat URL after a good night; an outside monitor misses it when none is."""
