"""What the demo needs around it: landing zone, local stack, a receiver for its alerts.

Prefect reads its settings when it is imported, so nothing here imports it before they are set.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from deployments.demo import story
from deployments.demo.receiver import Receiver, receive
from deployments.stack import Stack, start, stop
from schemas.settings import Settings

_QUIET = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # runs log to the server all the same
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}


@dataclass(frozen=True)
class Stage:
    """The stack and the receiver of its alerts."""

    stack: Stack
    receiver: Receiver


@contextmanager
def set_stage(keep: bool) -> Iterator[Stage]:
    """Landing zone laid out, stack up, environment set; the stack is stopped again unless kept.

    A stack that was up before stays up.
    """
    folder = Settings().store_folder.parent
    with receive() as receiver, ThreadPoolExecutor(1) as aside:
        # this process and the worker both send to the receiver and to nobody else
        os.environ |= {"DRIFTLOOP_ALERT_URLS": receiver.url, **_QUIET}
        laid = aside.submit(_lay_out)
        try:
            stack = start(folder, os.environ, _tell)
            os.environ |= stack.client_env
            laid.result()
            yield Stage(stack, receiver)
        finally:
            if not keep:
                stop(folder)


def _lay_out() -> None:
    from deployments.landing import lay_out

    landing = Settings().landing
    lay_out(landing, story.HISTORY[0], story.LIVE[1] + timedelta(days=1), story.EVENTS)


def _tell(text: str) -> None:
    print(text, flush=True)
