"""Stopping automatic promotion, and allowing it again."""

from prefect import flow

from flows.ending import end
from flows.find import find_project
from flows.forms import Actor, Reason
from flows.naming import run_name
from flows.nights import newest_or_tonight
from schemas.ledger import Entry
from tasks.alerts import tell_people
from tasks.engine.alone import alone
from tasks.promotion import decide
from tasks.telling.states import end_of_move


@flow(flow_run_name=run_name)
def freeze(project: str, reason: Reason, actor: Actor) -> Entry:
    """Stop automatic promotion until somebody unfreezes it; everything else goes on.

    Args:
        project: The project's name; leave it as it is.
        reason: Why; it stays in the ledger for ever.
        actor: Who decides: your name; it stays in the ledger.
    """
    found = find_project(project)
    with alone(found.name):
        entry = decide(found, "freeze", newest_or_tonight(found), reason, actor)
        tell_people(found)
    return end(entry, end_of_move(entry))


@flow(flow_run_name=run_name)
def unfreeze(project: str, reason: Reason, actor: Actor) -> Entry:
    """Allow automatic promotion again.

    Args:
        project: The project's name; leave it as it is.
        reason: Why; it stays in the ledger for ever.
        actor: Who decides: your name; it stays in the ledger.
    """
    found = find_project(project)
    with alone(found.name):
        entry = decide(found, "unfreeze", newest_or_tonight(found), reason, actor)
    return end(entry, end_of_move(entry))
