"""A limit on how long one fit may take, so that a search does not hang with what it tries."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from schemas.errors import ModelUnusable


@contextmanager
def limited(minutes: float, project: str) -> Iterator[None]:
    """Ends what is inside once the time is over; outside of the main thread nothing does.

    It strikes between two steps of Python: a library's call that never returns is not ended.

    Raises:
        ModelUnusable: the time is over.
    """

    def strike(_: int, __: FrameType | None) -> None:
        raise ModelUnusable(
            f"{project}: it was not done after {minutes:g} minutes, the limit of one fit; "
            "raise it with --minutes, or give it less to do"
        )

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, minutes * 60)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
