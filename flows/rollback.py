"""A person's roll-back, which also freezes promotion."""

from datetime import date

from prefect import flow

from flows.find import find_project
from schemas.ledger import Entry
from tasks.engine.alone import alone
from tasks.promotion import roll_back


@flow(flow_run_name="{project} {as_of}")
def rollback(
    project: str, as_of: date, reason: str, actor: str, version: str | None = None
) -> Entry:
    """Move the champion back and freeze promotion until somebody unfreezes it.

    Args:
        project: The project's name, as `driftloop projects` lists it.
        as_of: The night from which it counts.
        reason: Why; it stays in the ledger.
        actor: Who decides.
        version: The version to go back to; leave empty for the one before.
    """
    found = find_project(project)
    with alone(project):
        return roll_back(found, as_of, version, reason, actor)
