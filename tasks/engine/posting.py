"""The one door to apprise: messages to every target at once, within a time, without a word of URLs.

An address holds passwords, so neither it nor a library's error text leaves this module: a target is
known by its place in DRIFTLOOP_ALERT_URLS, an error by its kind. What to send is not known here.
"""

import contextvars
import logging
import re
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Literal

from schemas.settings import current_settings

if TYPE_CHECKING:
    from apprise import NotifyBase

Tone = Literal["info", "success", "warning", "failure"]

DEADLINE_SECONDS = 18.0
"""For all targets and messages together: a night may not wait for a target that hangs."""
_SOCKET_SECONDS = 4.0
_PAUSES_SECONDS = (0.5, 1.5)
_SECONDS_BETWEEN = 0.5  # of messages to one target; services refuse floods, apprise waits up to 5.5
_LOGGERS = (
    *("apprise", "requests", "urllib3", "urllib3.connection", "urllib3.connectionpool"),
    *("urllib3.util", "urllib3.util.retry", "urllib3.util.ssl_", "slixmpp"),
)
_LOADING = threading.Lock()  # apprise finds its hundred services at the first address
_UNKNOWN = "NotUnderstood"
_STATUS = re.compile(r"\berror=(\d{3})\b")


@dataclass(frozen=True)
class Message:
    """One message in plain text."""

    title: str
    body: str
    tone: Tone


@dataclass(frozen=True)
class Receipt:
    """How many targets took a message, and what kind of error the first other one made."""

    accepted: int
    error: str | None


@dataclass
class _Target:
    """One address and what became of each message there: None is accepted, a text the error."""

    number: int
    url: str = field(repr=False)
    outcomes: list[str | None] = field(default_factory=list)
    problem: str | None = None


def alert_urls() -> tuple[str, ...]:
    """The addresses of DRIFTLOOP_ALERT_URLS; a comma inside one is part of it."""
    urls = current_settings().alert_urls.get_secret_value()
    parts = re.split(r"\s+|,+(?=\w+://)", urls)
    return tuple(part.strip(",") for part in parts if part.strip(","))


def not_understood() -> tuple[int, ...]:
    """The places, from 1 on, of the addresses that apprise does not understand; nothing is sent."""
    targets = [_Target(number, url) for number, url in enumerate(alert_urls(), start=1)]
    hushed = _hushed.set(_Cause())
    try:
        return tuple(target.number for target in targets if _understand(target) is None)
    finally:
        _hushed.reset(hushed)


def post(messages: Sequence[Message]) -> tuple[tuple[Receipt, ...], tuple[str, ...]]:
    """Send to all targets; a receipt a message, and a sentence about each target with problems.

    It returns when all is sent or the time is over, and raises nothing that a target did.
    """
    end = monotonic() + DEADLINE_SECONDS
    targets = [_Target(number, url) for number, url in enumerate(alert_urls(), start=1)]
    threads = [
        # a thread of a target that hangs for ever must not keep the process alive
        threading.Thread(target=_serve, args=(target, messages, end), daemon=True)
        for target in targets
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - monotonic()))
    outcomes = [_padded(target.outcomes, len(messages)) for target in targets]
    receipts = tuple(_receipt(column) for column in zip(*outcomes, strict=True))
    problems = [_problem(target, row) for target, row in zip(targets, outcomes, strict=True)]
    return receipts, tuple(problem for problem in problems if problem)


def _padded(outcomes: list[str | None], length: int) -> list[str | None]:
    """A copy, since a late thread may still add to it; what is missing took too long."""
    return [*outcomes, *["Timeout"] * length][:length]


def _receipt(outcomes: Sequence[str | None]) -> Receipt:
    errors = [outcome for outcome in outcomes if outcome is not None]
    return Receipt(len(outcomes) - len(errors), errors[0] if errors else None)


def _problem(target: _Target, outcomes: Sequence[str | None]) -> str | None:
    if target.problem == _UNKNOWN:
        return f"alert URL number {target.number} is not understood by apprise"
    errors = [outcome for outcome in outcomes if outcome is not None]
    if not errors:
        return None
    kinds = ", ".join(dict.fromkeys(errors))
    return (
        f"alert URL number {target.number} did not accept {len(errors)} of {len(outcomes)} "
        f"messages ({kinds})"
    )


def _serve(target: _Target, messages: Sequence[Message], end: float) -> None:
    """All messages to one target, in order, in a thread of its own."""
    _hushed.set(_Cause())
    plugin = _understand(target)
    has_failed = False
    for message in messages:
        if monotonic() >= end:  # nobody waits any more; the next round would send it twice
            return
        # where three tries failed, the next message finds out soon enough
        pauses = () if has_failed else _PAUSES_SECONDS
        error = target.problem if plugin is None else _try(plugin, message, pauses, end)
        target.outcomes.append(error)
        has_failed = error is not None


def _understand(target: _Target) -> "NotifyBase | None":
    try:
        with _LOADING:
            plugin = _instantiate(target.url)
    except Exception as error:  # noqa: BLE001  # whatever a library makes of it, the night goes on
        target.problem = type(error).__name__
        return None
    if plugin is None:
        target.problem = _UNKNOWN
    return plugin


def _instantiate(url: str) -> "NotifyBase | None":
    from apprise import Apprise, AppriseAsset

    _hush_libraries()
    asset = AppriseAsset(app_id="driftloop", app_desc="driftloop", app_url="")
    asset.image_url_mask = asset.image_url_logo = ""  # icons would be fetched from outside
    plugin = Apprise.instantiate(url, asset=asset)
    if plugin is not None:
        plugin.socket_connect_timeout = min(plugin.socket_connect_timeout, _SOCKET_SECONDS)
        plugin.socket_read_timeout = min(plugin.socket_read_timeout, _SOCKET_SECONDS)
        plugin.request_rate_per_sec = min(plugin.request_rate_per_sec, _SECONDS_BETWEEN)
    return plugin


def _try(plugin: "NotifyBase", message: Message, pauses: Sequence[float], end: float) -> str | None:
    """Up to one try more than there are pauses; None when it was accepted, else the error."""
    error = _send(plugin, message)
    for pause in pauses:
        if error is None or monotonic() + pause >= end:
            return error
        threading.Event().wait(pause)
        error = _send(plugin, message)
    return error


def _send(plugin: "NotifyBase", message: Message) -> str | None:
    from apprise import NotifyFormat, NotifyType

    cause = _hushed.get()
    cause.kind = "Refused"
    try:
        is_sent = plugin.notify(
            title=message.title,
            body=message.body,
            notify_type=NotifyType(message.tone),
            body_format=NotifyFormat.TEXT,
        )
    except Exception as error:  # noqa: BLE001  # likewise
        return type(error).__name__
    return None if is_sent else cause.kind


@dataclass
class _Cause:
    """What a library's own log lines give away of an error: its kind."""

    kind: str = "Refused"


_hushed: contextvars.ContextVar[_Cause] = contextvars.ContextVar("driftloop_hushed")


class _Hush(logging.Filter):
    """Drops what libraries log in the threads above, for they log addresses and answers."""

    def filter(self, record: logging.LogRecord) -> bool:
        cause = _hushed.get(None)
        if cause is None:
            return True
        raised = sys.exc_info()[0]
        status = _STATUS.search(record.getMessage())
        if raised is not None:
            cause.kind = raised.__name__
        elif status:
            cause.kind = f"HTTP {status[1]}"
        return False


_HUSH = _Hush()


def _hush_libraries() -> None:
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_HUSH)  # once, however often it is asked for
