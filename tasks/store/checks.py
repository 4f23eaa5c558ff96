"""Whether bytes are what a record says. Where they come from is `tasks.store.store`."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from schemas.errors import Damaged, InvalidName, StoreUnavailable
from schemas.record import ObjectRef, Record
from tasks.store import keys
from tasks.store.backend import Backend

T = TypeVar("T")
R = TypeVar("R", bound=Record)


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


def read_record(backend: Backend, key: str, cls: type[R]) -> R:
    """The record under a key.

    Raises:
        Missing: there is none.
        Damaged: it is not what was committed, or stands under another record's key.
    """
    return _on_second_sight(backend, key, lambda: _parsed(key, backend.read(key), cls))


def retrieve(backend: Backend, ref: ObjectRef, path: Path) -> None:
    """A verified copy of the object in this file.

    Raises:
        Damaged: it is not what the record that names it says, read twice.
    """

    def read() -> None:
        sha256 = backend.read_file(ref.key, path)
        compare(ref, path.stat().st_size, sha256)

    _on_second_sight(backend, ref.key, read)


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


def _on_second_sight(backend: Backend, key: str, read: Callable[[], T]) -> T:
    """What `read` returns; read once more before an object is called damaged that came by wire."""
    try:
        return read()
    except Damaged:
        if backend.local_path(key) is not None:
            raise
        return read()


def _parsed(key: str, data: bytes, cls: type[R]) -> R:
    try:
        record = cls.from_bytes(data, key)
    except (ValueError, RecursionError) as error:
        raise Damaged(f"{key}: no {cls.kind} record this version can read ({error})") from error
    contradiction = keys.parse(key).contradiction(vars(record))
    if contradiction:
        raise Damaged(f"{key}: the record belongs elsewhere: {contradiction}")
    return record
