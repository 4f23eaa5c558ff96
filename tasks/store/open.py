"""From an address to a store. What a store can do is `tasks.store.store`."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas.errors import InvalidName
from tasks.store.local import LocalStore
from tasks.store.store import Store


def open_store(url: str, cache: Path) -> Store:
    """The store at `file:///absolute/folder`. Neither folder is made before the first write.

    Raises:
        InvalidName: any other address.
    """
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise InvalidName(f"store {url[:200]!a} is refused: only file:/// stores are supported")
    exact = url.startswith("file:///") and not (parts.query or parts.fragment)
    if not exact or "\0" in unquote(parts.path):
        raise InvalidName(
            f"store {url[:200]!a} is refused: write file:/// and an absolute folder, as in "
            "file:///srv/driftloop; '%', '?' and '#' in its name as %25, %3F and %23"
        )
    return Store(LocalStore(Path(unquote(parts.path))), cache)
