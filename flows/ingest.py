"""Ingest alone: a night's batch and the labels known by then, or many past nights."""

from prefect import flow

from flows.clock import check_over
from flows.find import find_project
from flows.nights import named_night
from schemas.period import AsOf
from tasks.batches import ingest_batch, ingest_history, ingest_labels
from tasks.engine.alone import alone


@flow(flow_run_name="{project} {as_of}")
def ingest(project: str, as_of: AsOf) -> str | None:
    """Commit one night's batch and the labels known by then; nothing is decided.

    Args:
        project: The project's name; leave it as it is.
        as_of: The night, as a date in the project's time zone.
    """
    found = find_project(project)
    as_of = named_night(found, as_of)
    check_over(found, as_of)
    with alone(project):
        batch = ingest_batch(found, as_of)
        ingest_labels(found, as_of)
    return batch


@flow(flow_run_name="{project} {first} to {last}")
def history(project: str, first: AsOf, last: AsOf) -> tuple[str, ...]:
    """Ingest and score many past nights in one run; they alert, trigger and promote nothing.

    Args:
        project: The project's name; leave it as it is.
        first: The first night.
        last: The last night.
    """
    found = find_project(project)
    first, last = named_night(found, first), named_night(found, last)
    check_over(found, last)
    with alone(project):
        return ingest_history(found, first, last)
