"""A worker of a hard year: a process that runs nights as it is told, and may die at any moment.

It is forked from a server that has imported everything, so that a new one costs milliseconds.
"""

import errno
import os
import sys
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from benchmarks.year.plan import Attempt

CONTEXT = get_context("forkserver")
PROJECT = "flights"
_PATIENCE_SECONDS = 300


def preload() -> None:
    """Import once what every worker needs."""
    CONTEXT.set_forkserver_preload(["benchmarks.year.work", "benchmarks.year.warm"])


@dataclass
class Worker:
    """The living process, and how often one had to be started."""

    process: BaseProcess | None = None
    pipe: Connection | None = None
    started: int = 0

    def run(self, as_of: date, attempt: Attempt) -> str:
        """`done`, `killed`, or the error that the run ended with."""
        self._ensure()
        assert self.pipe is not None
        self.pipe.send((as_of, attempt.calls if attempt.strike == "store" else 0))
        patience = attempt.seconds if attempt.strike == "kill" else _PATIENCE_SECONDS
        try:
            if self.pipe.poll(patience):
                answer: str = self.pipe.recv()
                return answer
        except EOFError:
            pass
        self.kill()
        if attempt.strike != "kill":
            raise TimeoutError(
                f"{as_of}: the run did not end within {_PATIENCE_SECONDS} s, or died"
            )
        return "killed"

    def kill(self) -> None:
        """`kill -9`."""
        if self.process:
            self.process.kill()
            self.process.join()
        self.process = self.pipe = None

    def _ensure(self) -> None:
        if self.process and self.process.is_alive():
            return
        self.pipe, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=_work, args=(theirs, dict(os.environ)), daemon=True)
        self.process.start()
        theirs.close()
        self.started += 1


def _work(pipe: Connection, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    _be_silent()
    from flows.nightly import nightly
    from schemas.errors import DriftloopError

    while True:
        as_of, calls = pipe.recv()
        mend = _fail_at(calls) if calls else None
        try:
            nightly.fn(PROJECT, as_of)
            pipe.send("done")
        except DriftloopError as error:
            pipe.send(f"{type(error).__name__}: {error}")
        finally:
            if mend:
                mend()


def _be_silent() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.dup2(null, 1)


def _fail_at(calls: int) -> Any:
    """Let the n-th fsync or link of a folder's store fail, as a disk does; how to undo it."""
    real = {name: getattr(os, name) for name in ("fsync", "link")}
    left = [calls]

    def failing(name: str) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.EIO if name == "fsync" else errno.ENOSPC, "planned")
            return real[name](*arguments, **options)

        return call

    for name in real:
        setattr(os, name, failing(name))

    def mend() -> None:
        for name, call in real.items():
            setattr(os, name, call)

    return mend
