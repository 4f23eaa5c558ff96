"""Seconds that named functions of the product take while it runs, without touching its code.

What is run and what it may cost is the modules beside this one.
"""

import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch


@dataclass
class Spent:
    """CPU and wall seconds by part; a part that another one calls counts in both."""

    cpu: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)

    def add(self, part: str, cpu: float, wall: float) -> None:
        """Count seconds towards a part."""
        self.cpu[part] = self.cpu.get(part, 0.0) + cpu
        self.wall[part] = self.wall.get(part, 0.0) + wall


@contextmanager
def timed(spent: Spent, part: str) -> Iterator[None]:
    """Count what the block takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    try:
        yield
    finally:
        spent.add(part, time.process_time() - cpu, time.perf_counter() - wall)


@contextmanager
def measured(*functions: str) -> Iterator[Spent]:
    """For as long as the block lasts, every call of these is timed: `module:name` where it is used.

    Part names are the functions' own.
    """
    spent = Spent()
    patches = [_patch(spent, *function.split(":")) for function in functions]
    for one in patches:
        one.start()
    try:
        yield spent
    finally:
        for one in patches:
            one.stop()


def median(values: Sequence[float]) -> float:
    """The middle value, since another process may disturb a single one."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else float("nan")


def _patch(spent: Spent, module: str, name: str) -> Any:
    original: Callable[..., Any] = getattr(importlib.import_module(module), name)

    def call(*args: Any, **kwargs: Any) -> Any:
        with timed(spent, name):
            return original(*args, **kwargs)

    return patch(f"{module}.{name}", call)
