"""That all which a model version needs is in the store, just before the ledger names the version.

A collection may run meanwhile, and a copy in this machine's cache proves nothing.
"""

from schemas.errors import Missing
from schemas.model import Card
from schemas.record import ObjectRef
from tasks.store import Store, keys


def check_closure(store: Store, project: str, version: str, *, stand_in: bool = True) -> None:
    """Ask the store itself for every object that the version's card names.

    Without the `stand_in` a version can serve, and its next challenger meets only `prior`.

    Raises:
        Missing: one is gone.
    """
    card = store.record(keys.card(project, version), Card)
    fits = (*card.members, *card.stand_in) if stand_in else card.members
    needed = [card.reference, card.reference_sample]
    needed += [ref for fit in fits for ref in (fit.model, fit.features)]
    gone = [ref for ref in needed if not _is_there(store, ref)]
    if gone:
        raise Missing(
            f"{project}: {gone[0].key}, which model {version} needs, is gone from the store; "
            "the next retrain makes it again"
        )


def _is_there(store: Store, ref: ObjectRef) -> bool:
    try:
        return store.backend.size(ref.key) == ref.bytes
    except Missing:
        return False
