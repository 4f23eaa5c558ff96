"""A person's acknowledgement of refusals in a row."""

from prefect import flow

from flows.ending import end
from flows.find import find_project
from flows.forms import Actor, Reason
from flows.naming import run_name
from flows.nights import newest_or_tonight
from schemas.ledger import Entry
from tasks.engine.alone import alone
from tasks.promotion import decide
from tasks.telling.states import end_of_move


@flow(flow_run_name=run_name)
def ack(project: str, reason: Reason, actor: Actor) -> Entry:
    """Acknowledge refusals in a row: the breaker closes and attempts are made as usual.

    Args:
        project: The project's name; leave it as it is.
        reason: What you found; it stays in the ledger for ever.
        actor: Who decides: your name; it stays in the ledger.
    """
    found = find_project(project)
    with alone(found.name):
        entry = decide(found, "ack", newest_or_tonight(found), reason, actor)
    return end(entry, end_of_move(entry))
