"""Scoring alone: a night's batch by the champion in service that night."""

from prefect import flow

from flows.find import find_project
from flows.nights import named_night
from schemas.period import AsOf
from tasks.batches import ingest_batch
from tasks.engine.alone import alone
from tasks.predictions import score_batch


@flow(flow_run_name="{project} {as_of}")
def score(project: str, as_of: AsOf) -> str | None:
    """Score one night's batch; the key of its predictions, None when it cannot be scored.

    Args:
        project: The project's name; leave it as it is.
        as_of: The night, as a date in the project's time zone.
    """
    found = find_project(project)
    as_of = named_night(found, as_of)
    with alone(project):
        return score_batch(found, as_of, ingest_batch(found, as_of))
