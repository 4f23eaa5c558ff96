"""A backend at one of whose calls something happens: its process dies, or another one runs.

What is done with the pieces is `tests.faults.kill_points`.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from tasks.store.backend import Backend

WRITES = ("create", "create_file", "replace", "delete")
READS = ("read", "read_file", "size", "keys", "listed", "modified", "now")


@dataclass(frozen=True)
class Point:
    """Call number `number`, and on which side of it the process dies."""

    number: int
    after: bool = False
    is_write: bool = False


def count_calls(backend: Backend) -> list[str]:
    """The names of the calls, as they are made from now on."""
    made: list[str] = []

    def note(_: int, name: str, after: bool) -> None:
        if not after:
            made.append(name)

    _wrap(backend, note)
    return made


def have_happen(backend: Backend, point: Point, event: Callable[[], None]) -> None:
    """Have it happen there, once. A call that another call makes counts as well."""

    def strike(number: int, _: str, after: bool) -> None:
        if (number, after) == (point.number, point.after):
            event()

    _wrap(backend, strike)


def choose_points(calls: list[str], every: int, share: int, shares: int) -> list[Point]:
    """Before and after each write, and before each `every`-th read; of these one share.

    After a read is before the next call, which the store cannot tell apart.
    """
    points: list[Point] = []
    for number, name in enumerate(calls, start=1):
        if name in WRITES:
            points += [Point(number, after, is_write=True) for after in (False, True)]
        elif number % every == 0:
            points.append(Point(number))
    return points[share::shares]


def _wrap(backend: Backend, around: Callable[[int, str, bool], None]) -> None:
    numbers = count(1)

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            number = next(numbers)
            around(number, name, False)
            answer = real(*arguments, **options)
            around(number, name, True)
            return answer

        return call

    for name in (*WRITES, *READS):
        setattr(backend, name, wrapped(name, getattr(backend, name)))


def die() -> None:
    """As by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)
