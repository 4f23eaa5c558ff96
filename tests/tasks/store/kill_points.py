"""Kills a writer between any two of its system calls in turn, and looks at what is left.

Run as a program by `test_kill_points`, since it forks: a process of its own has no other threads.
"""

import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from schemas.errors import DriftloopError
from tasks.store import Store, keys
from tasks.store.ledger import entries, read_standing
from tasks.store.verify import verify
from tests.tasks.store.records import NIGHT, PROJECT, VERSIONS, Note, decide, open_local

CALLS = ("open", "write", "fsync", "link", "unlink", "mkdir", "close", "replace")
MODEL = bytes(range(256)) * 5_000  # two chunks


def publish(store: Store, folder: Path) -> None:
    """All that a promotion writes, found done when it is done."""
    if read_standing(store, PROJECT).champion == VERSIONS[1]:
        return
    (folder / "model").write_bytes(MODEL)
    model = store.add_file(PROJECT, folder / "model", "ubj")
    rows = store.add_bytes(PROJECT, b"rows", "parquet")
    store.commit(keys.batch(PROJECT, NIGHT, 1), Note(rows=rows))
    store.commit(keys.card(PROJECT, VERSIONS[1]), Note(nested={"model": dict(model)}))
    decide(store, "promote", VERSIONS[1])


def kill_at(number: int) -> None:
    """Have this process die before its n-th call, which is also just after the call before."""
    numbers = itertools.count(1)

    def stepping(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if next(numbers) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return call

    for name in CALLS:
        setattr(os, name, stepping(getattr(os, name)))


def is_killed(number: int, folder: Path) -> bool:
    """Publish in a child that dies before its n-th call; False when it made fewer."""
    child = os.fork()
    if child == 0:
        kill_at(number)
        try:
            publish(open_local(folder), folder)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.WEXITSTATUS(status):
        raise DriftloopError(f"call {number}: the child failed by itself")
    return False


def check_left(folder: Path, number: int) -> None:
    """Whole at the kill, and one promotion after a re-run."""
    left = open_local(folder)
    if findings := verify(left, PROJECT):
        raise DriftloopError(f"call {number}: {findings}")
    if read_standing(left, PROJECT).champion not in (None, VERSIONS[1]):
        raise DriftloopError(f"call {number}: half a champion")
    publish(open_local(folder), folder)
    again = open_local(folder)
    if verify(again, PROJECT) or [e.action for e in entries(again, PROJECT)] != ["promote"]:
        raise DriftloopError(f"call {number}: the re-run did not repair it")


def main(folder: Path) -> int:
    """The number of calls before which the writer was killed."""
    number = 1
    while True:
        place = folder / str(number)
        place.mkdir()
        if not is_killed(number, place):
            return number - 1
        check_left(place, number)
        number += 1


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
