"""A person's mark that a night was bad after all."""

from prefect import flow

from flows.ending import end
from flows.find import find_project
from flows.forms import Actor, Reason
from flows.naming import run_name
from flows.nights import named_night, newest_or_tonight
from schemas.ledger import Entry
from schemas.period import AsOf
from tasks.engine.alone import alone
from tasks.promotion import decide, find_radius
from tasks.telling.states import end_of_mark, end_of_move


@flow(flow_run_name=run_name)
def mark_bad(project: str, as_of: AsOf, reason: Reason, actor: Actor, undo: bool = False) -> Entry:
    """Mark a night bad: from now on it trains, judges and is compared with no more.

    Args:
        project: The project's name; leave it as it is.
        as_of: The bad night, as a date in the project's time zone.
        reason: What was wrong with it; it stays in the ledger for ever.
        actor: Who decides: your name; it stays in the ledger.
        undo: Take the mark back instead, such as after a sound delivery.
    """
    found = find_project(project)
    as_of = named_night(found, as_of)
    with alone(found.name):
        if undo:
            entry = decide(found, "unmark-bad", newest_or_tonight(found), reason, actor, as_of)
            return end(entry, end_of_move(entry))
        radius = find_radius(found, as_of)
        entry = decide(found, "mark-bad", newest_or_tonight(found), reason, actor, as_of)
    return end(entry, end_of_mark(entry, radius))
