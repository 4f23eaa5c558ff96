"""The heartbeat of good nights: one HTTP request, whose absence an outside monitor notices.

Which nights are good is decided here too; messages to people are `tasks.engine.posting`.
"""

import threading
from time import monotonic
from urllib.error import HTTPError
from urllib.parse import urlparse
from urllib.request import Request, urlopen

from schemas.delivery import Delivery
from schemas.night import Night

TRIES = 3
_SECONDS = 5.0
_PAUSE_SECONDS = 1.0
_DEADLINE_SECONDS = 18.0


def is_good(night: Night, told: Delivery | None) -> bool:
    """Its data is sound or not yet late, it could be scored, and nobody waits for a message.

    A message that reached nobody leaves the heartbeat as the only way to be noticed.
    """
    is_silent = told is not None and not all(one.is_delivered for one in told.messages)
    has_data = night.evidence.data in ("accepted", "no_data_yet")
    return has_data and night.evidence.unscorable is None and not is_silent


def ask_for(url: str) -> str | None:
    """Ask for the address; None when it answered well, else the kind of the last error."""
    errors: list[str | None] = []
    # names are looked up and answers dripped without any limit, so a thread holds the time
    thread = threading.Thread(target=_try_all, args=(url, errors), daemon=True)
    thread.start()
    thread.join(_DEADLINE_SECONDS)
    return errors[-1] if errors and not thread.is_alive() else "Timeout"


def _try_all(url: str, errors: list[str | None]) -> None:
    end = monotonic() + _DEADLINE_SECONDS
    for count in range(TRIES):
        if count:
            threading.Event().wait(_PAUSE_SECONDS)
        errors.append(_ask(url))
        if errors[-1] is None or monotonic() > end:
            return


def _ask(url: str) -> str | None:
    try:
        if urlparse(url).scheme not in ("http", "https"):  # urlopen would open files as well
            return "no http(s) address"
        with urlopen(Request(url, headers={"User-Agent": "driftloop"}), timeout=_SECONDS):
            return None
    except HTTPError as error:
        return f"HTTP {error.code}"
    except Exception as error:  # noqa: BLE001  # its text may hold the address, which is a secret
        return type(error).__name__
