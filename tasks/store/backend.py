"""What every backend of the store promises; one contract suite runs over all of them.

Records, hashes and caching are `tasks.store.store`: a backend moves bytes under keys.
"""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from schemas.errors import InvalidName

_PART = "[A-Za-z0-9][A-Za-z0-9._-]*"  # no leading dot: neither `..` nor a folder aside


@dataclass(frozen=True, order=True)
class Listed:
    """One object as a listing shows it; `modified` is in UTC by the store's own clock."""

    key: str
    bytes: int
    modified: datetime


class Backend(ABC):
    """Bytes under keys, on one of the systems that can create an object only if it is absent.

    An object is absent or complete, whatever is killed when. What returned is durable. Every
    method raises `StoreUnavailable` when the system does not answer or has no room: the effect
    is then unknown, and doing it again is safe.
    """

    @abstractmethod
    def describe(self) -> str:
        """The store's address, for messages."""

    @abstractmethod
    def create(self, key: str, data: bytes) -> bool:
        """Create the object; success as well when the key already holds these very bytes.

        Whether this call surely wrote it: False when the bytes stood there, or when that cannot
        be told (a lost answer). Whoever needs a fresh object asks for its age then.

        Raises:
            Conflict: the key holds other bytes.
        """

    @abstractmethod
    def create_file(self, key: str, path: Path) -> bool:
        """`create` from a file, streamed. For objects that are named after their content.

        Raises:
            Conflict: the key holds other bytes.
        """

    @abstractmethod
    def replace(self, key: str, data: bytes) -> None:
        """Create or overwrite the object in one step; the last writer wins.

        For hints, and for data whose present bytes are not what its name was made from.
        """

    @abstractmethod
    def read(self, key: str) -> bytes:
        """The object's bytes, unchecked.

        Raises:
            Missing: there is no such object.
        """

    @abstractmethod
    def read_file(self, key: str, path: Path) -> str:
        """`read` into a file, streamed and unchecked; the sha256 of what was written there.

        Raises:
            Missing: there is no such object.
        """

    @abstractmethod
    def size(self, key: str) -> int:
        """The object's size in bytes.

        Raises:
            Missing: there is no such object.
        """

    @abstractmethod
    def keys(self, prefix: str) -> list[str]:
        """All keys below a prefix that ends in `/`, sorted as text; none is no error."""

    @abstractmethod
    def listed(self, prefix: str) -> list[Listed]:
        """`keys` with size and time of the last write, where a listing tells them."""

    @abstractmethod
    def modified(self, key: str) -> datetime:
        """When the object was last written, by the store's own clock.

        Raises:
            Missing: there is no such object.
        """

    @abstractmethod
    def delete(self, key: str) -> None:
        """Take the object away for good; none there is no error. Retention and erasure alone."""

    @abstractmethod
    def now(self) -> datetime:
        """The store's own clock in UTC, which `modified` is by."""

    def local_path(self, key: str) -> Path | None:
        """The file that holds the object, where the backend keeps plain files; else None."""
        return None

    def probe_scope(self) -> str | None:
        """What a verdict of `tasks.store.probe` holds for: once it changes, it is probed again.

        None where no probe is needed, since there is no other way to create than an atomic one.
        """
        return self.describe()


def write_hashed(chunks: Iterable[bytes], path: Path) -> str:
    """Write the chunks to a file; their sha256, taken on the way."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
    return digest.hexdigest()


def check_key(key: str) -> None:
    """Keys come from `tasks.store.keys`; checked again, since records may carry anything.

    Raises:
        InvalidName: no backend takes such a key.
    """
    if not re.fullmatch(f"{_PART}(/{_PART})*", key):
        raise InvalidName(f"{key[:200]!a} is no key of the store")


def check_prefix(prefix: str) -> None:
    """That a prefix names whole parts of keys.

    Raises:
        InvalidName: it does not end in `/`, or begins no key.
    """
    if not prefix.endswith("/"):
        raise InvalidName(f"prefix {prefix[:200]!a} is refused: it ends in '/'")
    check_key(prefix[:-1])
