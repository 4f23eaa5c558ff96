"""What the demo needs around it: landing zone, a receiver for its alerts, the local stack.

Prefect reads its settings when it is imported, so nothing here imports it before they are set.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from deployments.demo import story
from deployments.demo.receiver import Receiver, receive
from deployments.stack import Stack, is_up, start, stop
from schemas.errors import DriftloopError
from schemas.settings import current_settings

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
def set_stage(on_server: bool, keep: bool) -> Iterator[Stage]:
    """Landing zone laid out, environment set, the stack up if it is wanted.

    What was started ends with the block, unless it is to be kept; a stack that was up stays up.
    """
    with receive() as receiver:
        # this process and the worker both send to the receiver and to nobody else
        os.environ |= {"DRIFTLOOP_ALERT_URLS": receiver.url, **_QUIET}
        if not on_server:
            _lay_out()
            yield Stage(receiver)
            return
        with _stack(keep) as stack:
            yield Stage(receiver, stack)


@contextmanager
def _stack(keep: bool) -> Iterator[Stack]:
    folder = current_settings().side_folder
    stays = keep or is_up(folder)
    try:
        with ThreadPoolExecutor(1) as aside:
            prepared = aside.submit(_prepare)
            stack = start(folder, os.environ, _tell)
            prepared.result()
        os.environ |= stack.client_env
        yield stack
    finally:
        if not stays:
            stop(folder)


def _prepare() -> None:
    """The demo's longest steps without a decision, while the server boots."""
    _lay_out()
    with _history_by_hand() as ingesting:
        from tasks.report import warm_up

        warm_up()
        if ingesting.wait():
            raise DriftloopError("the demo's history was not ingested; the reason stands above")


def _history_by_hand() -> "subprocess.Popen[bytes]":
    """The history as anyone would load it; the demo's own run finds it there."""
    first, last = (str(night) for night in story.HISTORY)
    print(
        f"While the server starts: driftloop night {story.PROJECT} --from {first} --to {last} "
        "--history"
    )
    command = ["night", story.PROJECT, "--from", first, "--to", last, "--history"]
    main = "from deployments.cli import main; main()"
    return subprocess.Popen([sys.executable, "-c", main, *command], stdout=subprocess.DEVNULL)


def _lay_out() -> None:
    from deployments.landing import lay_out

    landing = current_settings().landing
    lay_out(landing, story.HISTORY[0], story.LIVE[1] + timedelta(days=1), story.EVENTS)


def _tell(text: str) -> None:
    print(text, flush=True)
