"""The local stack: a Prefect server, a worker and the page server, started and stopped as one.

`start` and `stop` are all that callers need. What runs on the stack is the rest of `deployments`.
"""

from deployments.stack.addresses import Stack
from deployments.stack.start import start
from deployments.stack.stop import stop

__all__ = ["Stack", "start", "stop"]
