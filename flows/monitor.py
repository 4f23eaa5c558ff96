"""Watching alone: the night record for what is in the store, without starting a retrain."""

from prefect import flow

from flows.clock import check_over, is_past_deadline
from flows.find import find_project
from flows.nights import named_night
from schemas.period import AsOf
from tasks.batches import ingest_batch
from tasks.engine.alone import alone
from tasks.monitoring import decide_night
from tasks.predictions import ingest_served, score_batch


@flow(flow_run_name="{project} {as_of}")
def monitor(project: str, as_of: AsOf) -> str:
    """Watch and decide one night; a retrain that it asks for is left to the next nightly run.

    Args:
        project: The project's name; leave it as it is.
        as_of: The night, as a date in the project's time zone.
    """
    found = find_project(project)
    as_of = named_night(found, as_of)
    check_over(found, as_of)
    with alone(project):
        batch = ingest_batch(found, as_of)
        predictions = score_batch(found, as_of, batch)
        if found.served:
            ingest_served(found, as_of)
        return decide_night(found, as_of, batch, predictions, is_past_deadline(found, as_of))
