"""A night's stored rows proved again after the contract was changed, and the night decided anew."""

from prefect import flow

from flows.ending import end
from flows.find import find_project
from flows.naming import run_name
from flows.nightly import conclude, decide_on
from flows.nights import named_night, newest_or_tonight
from schemas.period import AsOf, shift
from tasks.batches import finish_erasure, ingest_labels, readmit_batch
from tasks.engine.alone import alone
from tasks.engine.readmit import Readmitted
from tasks.home import home
from tasks.monitoring import is_decided_on
from tasks.telling.states import end_of_readmission


@flow(flow_run_name=run_name)
def readmit(project: str, as_of: AsOf) -> Readmitted:
    """Check a night's kept and quarantined rows again under today's contract; no file is needed.

    What that changes is a new revision, as if the night had been delivered again: it is scored and
    decided anew. The same again has no second effect.

    Args:
        project: The project's name; leave it as it is.
        as_of: The night, as a date in the project's time zone.
    """
    found = find_project(project)
    as_of = named_night(found, as_of)
    with alone(found.name):
        finish_erasure(found)
        readmitted = readmit_batch(found, as_of)
        if not is_decided_on(found, as_of, readmitted.key):
            mature = shift(as_of, found.label_delay)
            ingest_labels(found, min(mature, newest_or_tonight(found)))
            conclude(found, decide_on(found, as_of, readmitted.key))
    return end(readmitted, end_of_readmission(home(), readmitted.key, readmitted.is_new))
