"""What one check found: a state, what was seen, and where that is not well what to do next."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

from schemas.errors import DriftloopError

State = Literal["ok", "warn", "FAIL", "skipped"]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's."""

    state: State
    saw: str
    steps: tuple[str, ...] = ()

    def as_json(self, check: str) -> dict[str, Any]:
        """For machines."""
        return {"check": check, **asdict(self)}


def ok(saw: str) -> Finding:
    """All is well."""
    return Finding("ok", saw)


def skipped(why: str) -> Finding:
    """Nothing was looked at."""
    return Finding("skipped", why)


def warn(saw: str, *steps: str) -> Finding:
    """A night will run, and still somebody should look."""
    return Finding("warn", saw, steps)


def fail(saw: str, *steps: str) -> Finding:
    """A night, or what follows from it, will not happen."""
    return Finding("FAIL", saw, steps)


def from_error(error: DriftloopError) -> Finding:
    """Our errors end in the next step, after the last semicolon; an address may hold a login."""
    said = re.sub(r"://[^/@\s]+@", "://", str(error))
    saw, _, step = said.rpartition("; ") if "; " in said else said.rpartition(": ")
    return fail(saw, step) if saw else fail(step)
