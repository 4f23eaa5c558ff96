"""Records read before they are asked for one by one. Reading one is `tasks.store.store`."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from schemas.record import Record
from tasks.store.store import Store

_AT_ONCE = 8


def read_ahead(store: Store, keys: Iterable[str], cls: type[Record]) -> None:
    """Have the store know these records, several read at once where it is far away.

    Errors as in `Store.record`.
    """
    unknown = [key for key in keys if not store.knows(key, cls)]
    if len(unknown) < 2 or store.backend.local_path(unknown[0]) is not None:
        return
    with ThreadPoolExecutor(_AT_ONCE) as readers:
        for _ in readers.map(lambda key: store.record(key, cls), unknown):
            pass
