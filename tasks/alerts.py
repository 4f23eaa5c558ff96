"""Tasks that reach people: what they should know, by apprise, and the heartbeat of good nights.

None of them raises, since a night is what it is whether or not anybody hears of it. What is pending
is `tasks.engine.outbox`, its words are `tasks.telling.messages`, sending is `tasks.engine.posting`.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from logging import Logger, LoggerAdapter
from typing import Any

from prefect.context import FlowRunContext
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from schemas.delivery import Told
from schemas.errors import DriftloopError
from schemas.night import Night
from schemas.project import Project
from schemas.settings import current_settings
from tasks.engine.heartbeat import ask_for, is_good
from tasks.engine.outbox import (
    Round,
    Topic,
    close_round,
    failure_alone,
    open_failure,
    open_round,
)
from tasks.engine.posting import Message, alert_urls, post
from tasks.engine.rounds import last_round
from tasks.home import home
from tasks.step import step
from tasks.telling.messages import write_failure, write_message


@step
def tell_people(project: Project) -> None:
    """Send what nobody was told yet; a failure is recorded, and the next night tries again."""
    with _never_raising("people were not told"):
        if alert_urls() and (opened := open_round(home(), project)):
            link = flow_run.ui_url if FlowRunContext.get() else None
            write = partial(write_message, home(), project, run_link=link)
            close_round(home(), project.name, opened, _tell(opened.topics, write))


@step
def tell_failure(
    project: Project, flow: str, as_of: date | None, state: str, link: str | None
) -> None:
    """Send one message for a flow run that failed or crashed, unless somebody was told already."""
    with _never_raising("nobody was told of a run that failed"):
        if not alert_urls() or not (opened := _failure_round(project, flow, as_of)):
            return
        night = as_of or opened.as_of

        def write(_: Topic) -> Message:
            return write_failure(project, flow, night, state, link)

        close_round(home(), project.name, opened, _tell(opened.topics, write))


@step
def beat(project: Project, night: str) -> None:
    """Ask for the heartbeat URL after a good night; an outside monitor misses it when none is."""
    with _never_raising("the heartbeat was not sent"):
        url = current_settings().heartbeat_url.get_secret_value().strip()
        if url and is_good(home().record(night, Night), last_round(home(), project.name)):
            error = ask_for(url)
            if error:
                _log().warning("The heartbeat URL did not answer well: %s.", error)


def _failure_round(project: Project, flow: str, as_of: date | None) -> Round | None:
    try:
        return open_failure(home(), project, flow, as_of)
    except (
        DriftloopError
    ) as error:  # the store may be what failed, and people must know all the same
        _log().warning("The message cannot be recorded: %s", error)
        return failure_alone(flow, as_of)


def _tell(topics: Sequence[Topic], write: Callable[[Topic], Message]) -> list[Told]:
    """Send a message a topic and say how far each got."""
    written = [(topic, message) for topic in topics if (message := _write(topic, write))]
    if not written:
        return []
    receipts, problems = post([message for _, message in written])
    for problem in problems:
        _log().warning("%s.", problem)
    if any(not receipt.accepted for receipt in receipts):
        _log().warning("Messages reached nobody; the next nightly run tries again.")
    told = zip(written, receipts, strict=True)
    return [one for (topic, _), got in told for one in topic.told(got.accepted, got.error)]


def _write(topic: Topic, write: Callable[[Topic], Message]) -> Message | None:
    try:
        return write(topic)
    except DriftloopError as error:  # one damaged record may not silence the other messages
        _log().warning("No message about %s (%s): %s", topic.source, topic.kind, error)
        return None


@contextmanager
def _never_raising(what: str) -> Iterator[None]:
    try:
        yield
    except DriftloopError as error:
        _log().warning("%s: %s", what.capitalize(), error)
    except Exception as error:  # noqa: BLE001  # its text may hold an address, which is a secret
        _log().warning("%s: %s", what.capitalize(), type(error).__name__)


def _log() -> Logger | LoggerAdapter[Any]:
    return get_run_logger() if FlowRunContext.get() else logging.getLogger("driftloop")
