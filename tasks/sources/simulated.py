"""What is simulated in a landing zone, as announced in its SIMULATED.json.

Writing a simulation is `deployments.landing`. People see announcements; the pipeline decides
nothing from them.
"""

import json
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

FILE = "SIMULATED.json"


class Simulated(BaseModel):
    """One announced event, from night `first` to night `last`, or for good when it has no last."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    first: date
    last: date | None
    kind: str
    sentence: str

    def covers(self, night: date) -> bool:
        """Whether the event shows on that night."""
        return self.first <= night and (self.last is None or night <= self.last)


_LIST = TypeAdapter(tuple[Simulated, ...])


def read_simulated(folder: Path) -> tuple[Simulated, ...]:
    """What is announced in this folder.

    Raises:
        ValueError: the file is there and cannot be read as a list of announcements.
    """
    try:
        return _LIST.validate_json((folder / FILE).read_bytes())
    except FileNotFoundError:
        return ()


def dump_simulated(events: tuple[Simulated, ...]) -> bytes:
    """The bytes of SIMULATED.json: equal announcements give equal bytes."""
    return (
        json.dumps([event.model_dump(mode="json") for event in events], indent=2) + "\n"
    ).encode()


def announce(folder: Path, night: date) -> tuple[str, ...]:
    """Sentences for people about that night. A damaged file is said, and stops nothing."""
    try:
        return tuple(event.sentence for event in read_simulated(folder) if event.covers(night))
    except (OSError, ValueError):
        return (f"{FILE} cannot be read, so whether this night holds simulated data is unknown",)
