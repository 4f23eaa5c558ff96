"""Tasks by which a person moves the champion. The work is `tasks.engine.promote`."""

from datetime import date

from schemas.ledger import Entry
from schemas.project import Project
from tasks.engine import promote
from tasks.home import home
from tasks.step import step


@step
def override_gates(
    project: Project, as_of: date, version: str | None, reason: str, actor: str
) -> Entry:
    """Promote without gates, for a stated reason."""
    return promote.override(home(), project, as_of, version, reason, actor)


@step
def roll_back(project: Project, as_of: date, version: str | None, reason: str, actor: str) -> Entry:
    """Move the champion back and freeze promotion."""
    return promote.roll_back(home(), project, as_of, version, reason, actor)
