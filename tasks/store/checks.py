"""Whether bytes are what a record says. Where they come from is `tasks.store.store`."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import Damaged, InvalidName, StoreUnavailable
from schemas.record import ObjectRef
from tasks.store import keys


def check_ref(ref: ObjectRef) -> None:
    """Refuse a reference whose key and sha256 contradict each other."""
    try:
        place = keys.parse(ref.key)
    except InvalidName as error:
        raise Damaged(f"a record names an object that cannot be: {error}") from error
    if not re.fullmatch(keys.SHA256_RULE, ref.sha256) or place.sha256 not in (None, ref.sha256):
        raise Damaged(f"{ref.key}: a record expects sha256 {ref.sha256[:80]!a} under this name")


def compare(ref: ObjectRef, size: int, sha256: str) -> None:
    """Refuse bytes of this size and sha256 unless they are the object's."""
    if (size, sha256) != (ref.bytes, ref.sha256):
        raise Damaged(
            f"{ref.key}: expected {ref.bytes} bytes with sha256 {ref.sha256}, "
            f"found {size} bytes{sha256 and f' with sha256 {sha256}'}; restore the object"
        )


def sha256_of(path: Path) -> str:
    """Sha256 of a file's content."""
    with explained(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """What the operating system says of this path, as the store's error."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"{path}: {error.strerror or error}; repair the cause, then run again"
        ) from error
