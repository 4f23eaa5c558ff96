"""Probation in words: how promotions do against the champion before them, and what comes after.

The rule is `tasks.core.probation`, the message about a roll-back `tasks.telling.rolled_back`.
"""

from schemas.ledger import Entry
from schemas.night import Night
from schemas.probation import ACTOR
from tasks.core.probation import judge_probation
from tasks.engine.reconcile import move_since
from tasks.store import Store


def tell_probation(night: Night) -> str | None:
    """How the promotions on probation did so far; None where there are none."""
    told = night.evidence.probation
    if told is None:
        return None
    trial = judge_probation(told)
    many = f"{told.promotions} promotion{'s' if told.promotions > 1 else ''}"
    return f"{many} since {told.since}, {trial.outcome}: {trial.sentence}"


def roll_back_of(store: Store, night: Night) -> Entry | None:
    """The roll-back that this night decided, once it is in the ledger."""
    move = move_since(store, night) if night.decision.action == "rollback" else None
    return move if move and is_by_probation(move) else None


def is_by_probation(entry: Entry) -> bool:
    """Whether no person decided this roll-back."""
    return entry.action == "rollback" and entry.actor == ACTOR


def after_roll_back(project: str, as_of: str) -> tuple[str, ...]:
    """What to type: look, keep what is wrong out of training, let promotions go on."""
    return (
        f"driftloop why {project} {as_of}",
        f"driftloop mark-bad {project} NIGHT --reason ...  # each night whose labels are wrong",
        f"driftloop unfreeze {project} --reason ...  # once they are marked or delivered anew",
    )
