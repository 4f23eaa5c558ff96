"""Delivered nights that no run has taken up, in words. Finding them is `tasks.engine.unrun`."""

from collections.abc import Sequence
from datetime import date


def tell_unrun(project: str, nights: Sequence[date]) -> str:
    """How many there are, and the command that takes them in; what is recorded it leaves alone."""
    first, last, several = nights[0], nights[-1], len(nights) > 1
    what = (
        f"{len(nights)} delivered nights were not run, {first} to {last}"
        if several
        else f"1 delivered night was not run, {first}"
    )
    return f"{what}: driftloop night {project} --from {first} --to {last} --history"
