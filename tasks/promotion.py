"""Tasks that move the champion outside of a retrain: `tasks.engine.promote`, `.rollback`."""

from datetime import date

from schemas.ledger import Action, Entry
from schemas.project import Project
from schemas.radius import BlastRadius
from tasks.engine import people, promote, radius, rollback
from tasks.home import home
from tasks.step import step
from tasks.store import keys


@step
def override_gates(
    project: Project, as_of: date, version: str | None, reason: str, actor: str
) -> Entry:
    """Promote without gates, for a stated reason."""
    return promote.override(home(), project, as_of, version, reason, actor)


@step
def roll_back(project: Project, as_of: date, version: str | None, reason: str, actor: str) -> Entry:
    """Move the champion back and freeze promotion."""
    return rollback.roll_back(home(), project, as_of, version, reason, actor)


@step
def roll_back_worse(project: Project, night: str) -> str | None:
    """Carry out what a night decided of a promotion on probation; the key of the ledger entry."""
    entry = rollback.roll_back_worse(home(), project, night)
    return keys.ledger(project.name, entry.seq) if entry else None


@step
def decide(
    project: Project,
    action: Action,
    as_of: date,
    reason: str,
    actor: str,
    night: date | None = None,
) -> Entry:
    """Record what a person decides without touching a model: freeze, ack, accept, mark bad."""
    return people.decide_by_hand(home(), project, action, as_of, reason, actor, night)


@step
def find_radius(project: Project, night: date) -> BlastRadius:
    """What a night reached that is about to be marked bad."""
    return radius.blast_radius(home(), project, night)
