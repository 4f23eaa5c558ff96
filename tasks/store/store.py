"""Records and objects of a store, each verified before anybody sees it.

Moving bytes is the backend's, names are `tasks.store.keys`, promotions are `tasks.store.ledger`.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

from schemas.errors import Conflict, Damaged, Expired, Missing, StoreError
from schemas.record import ObjectRef, Record, canonical_json, parse_json
from tasks.store import keys
from tasks.store.backend import Backend
from tasks.store.checks import (
    check_ref,
    compare,
    explained,
    read_record,
    retrieve,
    sha256_of,
)
from tasks.store.listings import Listings
from tasks.store.tombstones import GRACE, deleted_by

R = TypeVar("R", bound=Record)

_log = logging.getLogger("driftloop")


class Store:
    """A backend with verified reads.

    Records are immutable: one that was read is kept for the life of this store. An object is
    hashed on its first use here. A backend with plain files is read in place, since a copy would
    double the disk and a hard link would share its damage; any other is read through `cache`,
    a folder of files named after their sha256, which may be deleted at any time.
    """

    def __init__(self, backend: Backend, cache: Path) -> None:
        self.backend = backend
        self.cache = cache
        self.listings = Listings(backend)
        self._records: dict[tuple[str, type[Record]], Record] = {}
        self._verified: set[tuple[Path, str]] = set()

    def commit(self, key: str, record: Record) -> None:
        """Create the record; success as well when the key already holds this very record.

        Raises:
            Conflict: the key holds another record.
        """
        keys.parse(key)
        try:
            self.backend.create(key, record.to_bytes())
        except Conflict:
            self.listings.forget()
            raise
        self.listings.add(key)

    def record(self, key: str, cls: type[R]) -> R:
        """The record under a key.

        Raises:
            Missing: there is none.
            Damaged: it is not what was committed, or stands under another record's key.
        """
        if (key, cls) not in self._records:
            self._records[key, cls] = read_record(self.backend, key, cls)
        return cast(R, self._records[key, cls])

    def knows(self, key: str, cls: type[Record]) -> bool:
        """Whether the record was read already."""
        return (key, cls) in self._records

    def places(
        self, folder: keys.Folder, project: str, as_of: date | None = None
    ) -> list[tuple[keys.Place, str]]:
        """All keys of a folder, or of one of its nights, by night and number.

        Files that are no keys of the store are left to `tasks.store.verify`.
        """
        return self.listings.find(folder, project, as_of)

    def revisions(self, folder: keys.Folder, project: str, as_of: date) -> list[str]:
        """The keys of one night, oldest first."""
        return [key for _, key in self.places(folder, project, as_of)]

    def exists(self, key: str) -> bool:
        """Whether there is such an object, whatever its content."""
        try:
            self.backend.size(key)
        except Missing:
            return False
        return True

    def add_bytes(self, project: str, data: bytes, suffix: keys.Suffix) -> ObjectRef:
        """Store an object under the name of its content.

        What stands there damaged is mended, what is old is written again: a collection that runs
        now leaves it.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        key = keys.data(project, sha256, suffix)
        try:
            if not self.backend.create(key, data):
                self._freshen(key, lambda: data)
        except Conflict:
            self._mend(key, data)
        return ObjectRef(key=key, sha256=sha256, bytes=len(data))

    def add_file(self, project: str, path: Path, suffix: keys.Suffix) -> ObjectRef:
        """`add_bytes` from a file, streamed; nobody may change the file meanwhile."""
        sha256 = sha256_of(path)
        key = keys.data(project, sha256, suffix)
        try:
            if not self.backend.create_file(key, path):
                self._freshen(key, lambda: _whole(path))
        except Conflict:
            self._mend(key, _whole(path))
        return ObjectRef(key=key, sha256=sha256, bytes=path.stat().st_size)

    def fetch(self, ref: ObjectRef) -> Path:
        """A file with the object's verified content, to be read and not written.

        Raises:
            Expired: it was deleted on purpose.
            Missing: there is no such object.
            Damaged: the object is not what the record that names it says.
        """
        check_ref(ref)
        with self._told_why(ref.key):
            path = self.backend.local_path(ref.key)
            if path is None:
                return self._cached(ref)
            if (path, ref.sha256) not in self._verified or self.backend.size(ref.key) != ref.bytes:
                self.check(ref)
                self._verified.add((path, ref.sha256))
            return path

    def read_bytes(self, ref: ObjectRef) -> bytes:
        """The object's content; the very bytes returned were hashed. Errors as in `fetch`."""
        path = self.fetch(ref)
        with explained(path):
            data = path.read_bytes()
        compare(ref, len(data), hashlib.sha256(data).hexdigest())
        return data

    def check(self, ref: ObjectRef) -> None:
        """Hash the stored object itself, never a copy. Errors as in `fetch`."""
        check_ref(ref)
        size = self.backend.size(ref.key)
        path = self.backend.local_path(ref.key)
        if size != ref.bytes:
            compare(ref, size, "")
        if path is not None:
            compare(ref, size, sha256_of(path))
            return
        with self._download(ref):
            pass

    def delete(self, key: str) -> None:
        """Take an object away for good, and this machine's copy of it."""
        self.backend.delete(key)
        copy = self.cache / key.rpartition("/")[2]
        with explained(copy):
            copy.unlink(missing_ok=True)

    def put_hint(self, project: str, body: Mapping[str, Any]) -> None:
        """Overwrite `champion/<project>.json`, for simple consumers."""
        self.backend.replace(keys.champion(project), canonical_json(dict(body)))

    def read_hint(self, project: str) -> dict[str, Any] | None:
        """The hint as it stands, unchecked and possibly stale; None when there is none to read."""
        key = keys.champion(project)
        try:
            return parse_json(self.backend.read(key), key)
        except StoreError:  # a hint decides nothing, so it may not stop anything either
            return None

    def _freshen(self, key: str, read: Callable[[], bytes]) -> None:
        """Write an object again that was made long ago; also one that was deleted just now."""
        try:
            is_old = self.backend.now() - self.backend.modified(key) > GRACE / 2
        except Missing:
            is_old = True
        if is_old:
            self._write_again(key, read())

    @contextmanager
    def _told_why(self, key: str) -> Iterator[None]:
        """Of a missing object, that it was deleted on purpose, where a record says so."""
        try:
            yield
        except Missing as error:
            record = deleted_by(self.backend, key)
            if record is None:
                raise
            raise Expired(
                f"{key}: it was deleted, {record} says why; nothing need be restored"
            ) from error

    def _write_again(self, key: str, data: bytes) -> None:
        """Overwrite an object by what its name was made from; two who do it write the same."""
        if hashlib.sha256(data).hexdigest() != keys.parse(key).sha256:
            raise Damaged(f"{key}: its content changed while it was stored; run again")
        self.backend.replace(key, data)

    def _mend(self, key: str, data: bytes) -> None:
        """Write an object again whose name holds bytes that it cannot have been made from."""
        self._write_again(key, data)
        _log.warning("%s: was damaged, and is whole again; check the disk and run verify", key)

    def _cached(self, ref: ObjectRef) -> Path:
        copy = self.cache / (ref.sha256 + "." + ref.key.rpartition("/")[2].partition(".")[2])
        if not self._is_intact(copy, ref):
            with self._download(ref) as download, explained(copy):
                download.replace(copy)
            self._verified.add((copy, ref.sha256))
        return copy

    def _is_intact(self, copy: Path, ref: ObjectRef) -> bool:
        with explained(copy):
            if not copy.is_file() or copy.stat().st_size != ref.bytes:
                return False
        if (copy, ref.sha256) not in self._verified and sha256_of(copy) == ref.sha256:
            self._verified.add((copy, ref.sha256))
        return (copy, ref.sha256) in self._verified

    @contextmanager
    def _download(self, ref: ObjectRef) -> Iterator[Path]:
        """A verified copy beside the cache's files, for as long as the block lasts."""
        download = self.cache / f".{secrets.token_hex(8)}"
        with explained(self.cache):
            self.cache.mkdir(parents=True, exist_ok=True)
        try:
            retrieve(self.backend, ref, download)
            yield download
        finally:
            download.unlink(missing_ok=True)


def _whole(path: Path) -> bytes:
    with explained(path):
        return path.read_bytes()
