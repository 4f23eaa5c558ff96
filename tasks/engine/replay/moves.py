"""What a policy did on a night, in short: a retrain with its cause, an alarm with its subject."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schemas.night import Decision
from tasks.engine.replay.variants import HINT

_ALARMS = ("drift", "quality")


@dataclass(frozen=True)
class Move:
    """A retrain (`what` is its kind) or an alarm, and what caused it."""

    as_of: date
    what: str
    cause: str


def retrain_of(as_of: date, decision: Decision) -> Move:
    """The retrain that a decision asks for; one that a hint brought is named after the hint."""
    cause = decision.cause
    if cause is None or decision.retrain is None:
        raise ValueError(f"{as_of}: a decision to retrain has a kind and a cause")
    return Move(as_of, decision.retrain, HINT if cause.subject == HINT else cause.kind)


def alarms_of(as_of: date, decision: Decision) -> list[Move]:
    """Alarms that are told for the first time; other alerts start nothing under any policy."""
    return [
        Move(as_of, alert.kind, alert.subject) for alert in decision.alerts if alert.kind in _ALARMS
    ]


def count_causes(moves: Sequence[Move]) -> dict[str, int]:
    """How many moves each cause led to, in order of causes."""
    return dict(sorted(Counter(move.cause for move in moves).items()))
