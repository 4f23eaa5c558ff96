"""Runs one night in a process of its own: `python -m tests.building.run_night NUMBER [PREFIX]`.

With a prefix the process dies without a word right after its first write there.
"""

import os
import sys

import pytest

from flows.nightly import nightly
from tasks.home import home
from tests.building.brittle import Brittle, Killed
from tests.building.fixtures import cut_short
from tests.building.project import NAME
from tests.building.rows import day


def main(number: int, prefix: str | None) -> None:
    """Run the night in the world that the environment names."""
    with pytest.MonkeyPatch.context() as patch:
        cut_short(patch)
        home().backend = Brittle(home().backend, prefix=prefix, after=True)
        try:
            nightly.fn(NAME, day(number))
        except Killed:
            os._exit(9)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
