"""What every row of the benchmark gets: the data, the cache of fits, a progress line.

The rows themselves are the modules named `rows_*` beside this one.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from benchmarks.streams import RECIPES, Stream, load_stream

Item = TypeVar("Item")


@dataclass
class Bench:
    """Folders and the streams read from them, each once."""

    data: Path
    cache: Path

    @cached_property
    def _loaded(self) -> dict[str, Stream]:
        return {name: load_stream(name, self.data) for name in RECIPES}

    def streams(self, *names: str) -> Iterator[Stream]:
        """The streams of these names, by default all."""
        for name in names or RECIPES:
            yield self._loaded[name]

    def progress(self, items: Sequence[Item]) -> Iterator[Item]:
        """The items, with a count on the standard error while they are worked on."""
        for done, item in enumerate(items, start=1):
            print(f"\r  {done}/{len(items)} ", end="", file=sys.stderr, flush=True)
            yield item
        print("\r           \r", end="", file=sys.stderr, flush=True)
