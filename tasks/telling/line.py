"""One line of what is told. What is told of what is this folder's other modules."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One step of a night and what it came to."""

    step: str
    text: str
