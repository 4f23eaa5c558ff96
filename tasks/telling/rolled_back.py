"""The message about a roll-back that no person decided: what did worse, which nights to look at.

Other moves of the champion are `tasks.telling.moves`.
"""

from collections.abc import Iterator
from datetime import date

from schemas.errors import StoreError
from schemas.ledger import Entry
from schemas.model import Card
from schemas.period import shift
from tasks.store import Store, keys
from tasks.store.ledger import entries, fold
from tasks.telling.content import Content
from tasks.telling.probation import after_roll_back


def tell_roll_back(store: Store, entry: Entry) -> Content:
    """What happened, the nights that may be to blame, and the way on."""
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
    """The nights that trained what was rolled back and not what serves again."""
    before = fold(one for one in entries(store, entry.project) if one.seq < entry.seq).champion
    try:
        bad, good = (_last_night(store, entry.project, one) for one in (before, entry.version))
    except StoreError:  # the roll-back is to be told all the same
        return
    yield (
        f"nights {shift(good, 1)} to {bad} trained the model that was rolled back and not the one "
        "that serves again: look at their labels"
    )


def _last_night(store: Store, project: str, version: str | None) -> date:
    card = store.record(keys.card(project, version or ""), Card)
    return max(fit.last_night for fit in card.members)
