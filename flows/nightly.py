"""The night: ingest, score, decide, commit, and retrain when that was decided."""

from datetime import date

from prefect import flow

from flows.clock import check_over, is_past_deadline
from flows.ending import end
from flows.find import find_project
from flows.naming import run_night
from flows.nights import due_nights, named_night
from flows.retrain import carry_out
from flows.upcoming import predict_ahead
from schemas.period import AsOf
from schemas.project import Project
from tasks.alerts import beat, tell_people
from tasks.artifacts import publish_night
from tasks.batches import find_redelivered, finish_erasure, ingest_batch, ingest_labels
from tasks.engine.alone import alone
from tasks.events import ask_for_retrain
from tasks.home import home
from tasks.monitoring import decide_night
from tasks.predictions import ingest_served, score_batch
from tasks.telling.states import end_of_night
from tasks.training import find_undone


@flow(flow_run_name=run_night)
def nightly(project: str, as_of: AsOf | None = None) -> str:
    """Run one night: ingest, score, watch, decide, and have it retrained when that was decided.

    Upcoming rows are predicted once the night is recorded. The same night twice has no second
    effect. Decisions left undone by a run that died come first, then earlier nights that were
    delivered late or anew.

    Args:
        project: The project's name; leave it as it is.
        as_of: The night, as a date in the project's time zone. Leave empty for last night, after
            the nights that were missed before it.
    """
    found = find_project(project)
    *missed, last = (named_night(found, as_of),) if as_of else due_nights(found)
    with alone(found.name):
        finish_erasure(found)
        for night in missed:
            carry_out(found, _live(found, night))
        key = _live(found, last)
        try:
            if found.upcoming:
                predict_ahead(found, last)
        finally:  # predictions that reach nobody fail the run, and hold up nothing else
            conclude(found, key)
        beat(found, key)
    return end(key, end_of_night(home(), key))


def _live(project: Project, as_of: date) -> str:
    """One night in order, decisions that were left undone before it; the key of its record."""
    check_over(project, as_of)
    undone = find_undone(project)
    if undone:
        carry_out(project, undone.night_key)
    for night in find_redelivered(project, as_of):
        carry_out(project, _decide(project, night))
    batch = ingest_batch(project, as_of)
    ingest_labels(project, as_of)  # with a delay of 0 nights, tonight's among them
    return decide_on(project, as_of, batch)


def _decide(project: Project, as_of: date) -> str:
    return decide_on(project, as_of, ingest_batch(project, as_of))


def decide_on(project: Project, as_of: date, batch: str | None) -> str:
    """Score the night's batch, watch it, decide; the key of the night's record."""
    predictions = score_batch(project, as_of, batch)
    if project.served:
        ingest_served(project, as_of)
    passed = is_past_deadline(project, as_of)
    return decide_night(project, as_of, batch, predictions, passed)


def conclude(project: Project, key: str) -> None:
    """Have the night's decision carried out, and tell of it."""
    if not ask_for_retrain(project, key):
        carry_out(project, key)
    publish_night(project, key)
    tell_people(project)
