"""Who serves, in three requests however long the ledger is: its hint, that entry, an empty slot.

The hint only says where to begin. Folding the whole ledger is `tasks.store.ledger`.
"""

from schemas.errors import Damaged, Missing
from schemas.ledger import Entry, Serving
from tasks.store import keys
from tasks.store.ledger import read_standing
from tasks.store.store import Store

_LARGEST = 10**12


def find_serving(store: Store, project: str) -> Serving:
    """Who serves, as of some moment during this call.

    It walks on from the entry that the hint names. Where that one cannot be begun from, all
    entries are read: slower, and never wrong. What stands before the hint is not looked at.

    Raises:
        Damaged: an entry that was needed is missing, changed, or does not follow the one before.
    """
    entry = _hinted(store, project)
    while entry is not None and entry.leads_to is not None:
        after = _entry_at(store, project, entry.seq + 1)
        if after is None:
            return entry.leads_to
        entry = after if after.previous == entry.digest else None
    return read_standing(store, project).serving


def _hinted(store: Store, project: str) -> Entry | None:
    seq = (store.read_hint(project) or {}).get("seq")
    if type(seq) is not int or not 1 <= seq < _LARGEST:  # true is no slot either
        return None
    try:
        return _entry_at(store, project, seq)
    except Damaged:
        return None


def _entry_at(store: Store, project: str, seq: int) -> Entry | None:
    try:
        return store.record(keys.ledger(project, seq), Entry)
    except Missing:
        return None
