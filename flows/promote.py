"""A person's promotion without gates."""

from datetime import date

from prefect import flow

from flows.find import find_project
from schemas.ledger import Entry
from tasks.engine.alone import alone
from tasks.promotion import override_gates


@flow(flow_run_name="{project} {as_of}")
def promote(
    project: str, as_of: date, reason: str, actor: str, version: str | None = None
) -> Entry:
    """Put a model in service without gates, for a stated reason.

    Args:
        project: The project's name, as `driftloop projects` lists it.
        as_of: The newest night that may be used, as a date in the project's time zone.
        reason: Why the gates are overridden; it stays in the ledger.
        actor: Who decides.
        version: A stored version; leave empty to fit one on all usable nights.
    """
    found = find_project(project)
    with alone(project):
        return override_gates(found, as_of, version, reason, actor)
