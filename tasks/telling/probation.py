"""Probation in words: how a promotion does against the champion before it, and what rolled it back.

The rule is `tasks.core.probation`.
"""

from collections.abc import Iterator
from datetime import date

from schemas.errors import StoreError
from schemas.ledger import Entry
from schemas.model import Card
from schemas.night import Night
from schemas.period import shift
from schemas.probation import ACTOR
from tasks.core.probation import judge_probation
from tasks.engine.reconcile import move_since
from tasks.store import Store, keys
from tasks.store.ledger import entries, fold
from tasks.telling.content import Content


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


def suspect_nights(store: Store, entry: Entry) -> tuple[date, date] | None:
    """First and last of the nights that trained what was rolled back and not what serves again."""
    before = fold(one for one in entries(store, entry.project) if one.seq < entry.seq).champion
    try:
        bad, good = (_last_night(store, entry.project, one) for one in (before, entry.version))
    except StoreError:  # the roll-back is to be told all the same
        return None
    return (shift(good, 1), bad) if bad > good else None


def _last_night(store: Store, project: str, version: str | None) -> date:
    card = store.record(keys.card(project, version or ""), Card)
    return max(fit.last_night for fit in card.members)


def tell_roll_back(store: Store, entry: Entry) -> Content:
    """The message about a roll-back that no person decided."""
    return Content(
        tone="failure",
        as_of=entry.as_of,
        headline="a new model did worse and was rolled back",
        sentence=f"{entry.reason.rstrip('.')}.",
        meaning="The gates had let it pass. Where they did so on wrong labels, the nights that "
        "trained it are to blame.",
        numbers=tuple(_suspects(store, entry)),
        did=(
            f"Model {entry.version} serves again from the next night (ledger entry {entry.seq}).",
            "Promotion is frozen: nothing retrains until a person unfreezes it.",
        ),
        commands=after_roll_back(entry.project, str(entry.as_of)),
    )


def _suspects(store: Store, entry: Entry) -> Iterator[str]:
    nights = suspect_nights(store, entry)
    if nights:
        yield (
            f"nights {nights[0]} to {nights[1]} trained the model that was rolled back and not the "
            "one that serves again: look at their labels"
        )


def after_roll_back(project: str, as_of: str) -> tuple[str, ...]:
    """What to type: look, keep what is wrong out of training, let promotions go on."""
    return (
        f"driftloop why {project} {as_of}",
        f"driftloop mark-bad {project} NIGHT --reason ...  # each night whose labels are wrong",
        f"driftloop unfreeze {project} --reason ...  # once they are marked or delivered anew",
    )
