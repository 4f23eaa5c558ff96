"""A person's promotion without gates."""

from prefect import flow

from flows.ending import end
from flows.find import find_project
from flows.forms import Actor, Reason, Version
from flows.naming import run_name
from flows.nights import newest_or_tonight
from schemas.ledger import Entry
from tasks.alerts import tell_people
from tasks.batches import finish_erasure
from tasks.engine.alone import alone
from tasks.events import announce_entry
from tasks.promotion import override_gates
from tasks.telling.states import end_of_move


@flow(flow_run_name=run_name)
def promote(project: str, reason: Reason, actor: Actor, version: Version = "") -> Entry:
    """Put a model in service without gates, for a stated reason.

    Args:
        project: The project's name; leave it as it is.
        reason: Why the gates are overridden; it stays in the ledger for ever.
        actor: Who decides: your name; it stays in the ledger.
        version: A stored version, as driftloop history lists it. Leave empty to fit one on all
            usable nights.
    """
    found = find_project(project)
    with alone(found.name):
        finish_erasure(found)
        entry = override_gates(found, newest_or_tonight(found), version or None, reason, actor)
        announce_entry(found, entry)
        tell_people(found)
    return end(entry, end_of_move(entry))
