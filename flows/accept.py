"""A person's acceptance of a faulty night."""

from prefect import flow

from flows.ending import end
from flows.find import find_project
from flows.forms import Actor, Reason
from flows.naming import run_name
from flows.nights import named_night, newest_or_tonight
from schemas.ledger import Entry
from schemas.period import AsOf
from tasks.engine.alone import alone
from tasks.promotion import decide
from tasks.telling.states import end_of_move


@flow(flow_run_name=run_name)
def accept(project: str, as_of: AsOf, reason: Reason, actor: Actor) -> Entry:
    """Accept a faulty night: it trains, judges and is watched from now on like any other.

    Args:
        project: The project's name; leave it as it is.
        as_of: The faulty night, as a date in the project's time zone.
        reason: Why its data is right after all; it stays in the ledger for ever.
        actor: Who decides: your name; it stays in the ledger.
    """
    found = find_project(project)
    as_of = named_night(found, as_of)
    with alone(found.name):
        entry = decide(found, "accept", newest_or_tonight(found), reason, actor, as_of)
    return end(entry, end_of_move(entry))
