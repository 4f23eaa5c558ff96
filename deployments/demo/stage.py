"""What the demo needs around it: landing zone, a receiver for its alerts, the local stack.

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
from deployments.stack import Stack, start
from schemas.settings import Settings

_QUIET = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # runs log to the server all the same
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}


@dataclass(frozen=True)
class Stage:
    """The receiver of its alerts, and the stack where it runs on one."""

    receiver: Receiver
    stack: Stack | None = None


@contextmanager
def set_stage(on_server: bool) -> Iterator[Stage]:
    """Landing zone laid out, environment set, the stack up if it is wanted; that stays up."""
    with receive() as receiver:
        # this process and the worker both send to the receiver and to nobody else
        os.environ |= {"DRIFTLOOP_ALERT_URLS": receiver.url, **_QUIET}
        if not on_server:
            _lay_out()
            yield Stage(receiver)
            return
        with ThreadPoolExecutor(1) as aside:
            laid = aside.submit(_lay_out)
            stack = start(Settings().store_folder.parent, os.environ, _tell)
            laid.result()
        os.environ |= stack.client_env
        yield Stage(receiver, stack)


def _lay_out() -> None:
    from deployments.landing import lay_out

    landing = Settings().landing
    lay_out(landing, story.HISTORY[0], story.LIVE[1] + timedelta(days=1), story.EVENTS)


def _tell(text: str) -> None:
    print(text, flush=True)
