"""A person's approval of a challenger that waits for one."""

from prefect import flow

from flows.ending import end
from flows.find import find_project
from flows.forms import Actor, Reason
from flows.naming import run_name
from flows.nights import named_night
from flows.retrain import settle
from schemas.period import AsOf
from tasks.alerts import tell_people
from tasks.batches import finish_erasure
from tasks.engine.alone import alone
from tasks.home import home
from tasks.telling.states import end_of_retrain
from tasks.training import judge_approved


@flow(flow_run_name=run_name)
def approve(project: str, reason: Reason, actor: Actor, as_of: AsOf | None = None) -> str:
    """Approve the challenger that waits: it is judged again and serves when it passes.

    Args:
        project: The project's name; leave it as it is.
        reason: Why it may serve; it stays in the ledger for ever.
        actor: Who approves: your name; it stays in the ledger.
        as_of: The night of the retrain that you approve, as a date in the project's time zone.
            Leave empty for the newest one.
    """
    found = find_project(project)
    with alone(found.name):
        finish_erasure(found)
        night = named_night(found, as_of) if as_of else None
        key = settle(found, judge_approved(found, night, reason, actor))
        tell_people(found)
    return end(key, end_of_retrain(home(), key))
