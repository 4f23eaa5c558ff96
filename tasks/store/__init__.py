"""The store: keys, backends, verified reads, the ledger. What records mean is `schemas`."""

from tasks.store.open import open_store
from tasks.store.store import Store

__all__ = ["Store", "open_store"]
