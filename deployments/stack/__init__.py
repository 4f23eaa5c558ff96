"""The local stack: a Prefect server, a worker and the page server, started and stopped as one.

`start`, `stop` and `is_up` are all that callers need; the rest of `deployments` runs on it.
"""

from deployments.stack.addresses import Stack
from deployments.stack.remains import is_up
from deployments.stack.start import start
from deployments.stack.stop import stop

__all__ = ["Stack", "is_up", "start", "stop"]
