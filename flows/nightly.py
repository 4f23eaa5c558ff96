"""The night: ingest, score, decide, commit, and retrain when that was decided."""

from datetime import date

from prefect import flow

from flows.clock import check_begun, is_past_deadline
from flows.find import find_project
from flows.retrain import retrain
from schemas.project import Project
from tasks.batches import find_redelivered, ingest_batch, ingest_labels
from tasks.engine.alone import alone
from tasks.monitoring import decide_night, read_night
from tasks.predictions import score_batch
from tasks.training import find_undone


@flow(flow_run_name="{project} {as_of}")
def nightly(project: str, as_of: date) -> str:
    """Run one night: ingest, score, watch, decide, and retrain when that was decided.

    The same night twice has no second effect. Decisions left undone by a run that died come
    first, then earlier nights that were delivered late or anew.

    Args:
        project: The project's name, as `driftloop projects` lists it.
        as_of: The night, as a date in the project's time zone.
    """
    found = find_project(project)
    check_begun(found, as_of)
    with alone(project):
        undone = find_undone(found)
        if undone:
            _retrain(project, undone.night_key)
        for night in find_redelivered(found, as_of):
            _retrain(project, _run(found, night))
        ingest_labels(found, as_of)
        key = _run(found, as_of)
        _retrain(project, key)
    return key


def _run(project: Project, as_of: date) -> str:
    batch = ingest_batch(project, as_of)
    predictions = score_batch(project, as_of, batch)
    passed = is_past_deadline(project, as_of)
    return decide_night(project, as_of, batch, predictions, passed)


def _retrain(project: str, night: str) -> None:
    decided = read_night(night)
    if decided.decision.action == "retrain":
        retrain.fn(project, decided.as_of, night)
