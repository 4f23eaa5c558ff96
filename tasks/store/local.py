"""The store in a folder: nothing to start, `kill -9` anything, `cp -a` is the backup.

An object is written aside, synced, then hard-linked to its name, which fails when the name is
taken: that is the whole of "created only if absent". No lock, no daemon.
"""

import errno
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from schemas.errors import Conflict, Damaged, Missing, StoreUnavailable
from tasks.store.backend import Backend, Listed, check_key, check_prefix, write_hashed

CHUNK_BYTES = 1 << 20
STALE_SECONDS = 86_400

_ABSENT = (FileNotFoundError, NotADirectoryError, IsADirectoryError)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)
_NEXT_STEPS = {
    errno.ENOSPC: "free some space, then run again",
    errno.EDQUOT: "free some of the quota, then run again",
    errno.EIO: "the disk reports a fault: check it, then run again",
    errno.EACCES: "give this user access to the folder, then run again",
    errno.EROFS: "mount the folder writable, then run again",
}


class LocalStore(Backend):
    """A folder on a POSIX file system with hard links. It is made on the first write."""

    def __init__(self, root: Path) -> None:
        self._root = Path(os.path.realpath(root))
        self._aside = self._root / ".tmp"
        self._settled: set[Path] = set()
        self._remove_stale()

    def describe(self) -> str:
        return self._root.as_uri()

    def create(self, key: str, data: bytes) -> bool:
        return self._create(key, lambda: [data])

    def create_file(self, key: str, path: Path) -> bool:
        return self._create(key, lambda: _chunks(path))

    def replace(self, key: str, data: bytes) -> None:
        path = self._path(key)
        with _explained(path):
            self._settle(path.parent)
            with self._written_aside([data]) as aside:
                aside.replace(path)
            sync_folder(path.parent)

    def read(self, key: str) -> bytes:
        path = self._path(key)
        with _explained(path), _missing(key):
            return path.read_bytes()

    def read_file(self, key: str, path: Path) -> str:
        source = self._path(key)
        with _explained(source), _missing(key):
            return write_hashed(_chunks(source), path)

    def size(self, key: str) -> int:
        path = self._path(key)
        with _explained(path), _missing(key):
            if path.is_dir():
                raise IsADirectoryError
            return path.stat().st_size

    def keys(self, prefix: str) -> list[str]:
        check_prefix(prefix)
        top = self._path(prefix[:-1])
        found = []
        with _explained(top):
            for folder, folders, files in os.walk(top, onerror=_raise_unless_absent):
                folders[:] = [name for name in folders if not name.startswith(".")]
                base = os.path.relpath(folder, self._root)
                found += [f"{base}/{name}" for name in files if not name.startswith(".")]
        return sorted(found)

    def listed(self, prefix: str) -> list[Listed]:
        found = []
        for key in self.keys(prefix):
            with suppress(FileNotFoundError), _explained(self._root / key):
                stat = (self._root / key).stat()
                found.append(Listed(key, stat.st_size, _written_at(stat)))
        return found

    def modified(self, key: str) -> datetime:
        path = self._path(key)
        with _explained(path), _missing(key):
            return _written_at(path.stat())

    def delete(self, key: str) -> None:
        path = self._path(key)
        with _explained(path), suppress(*_ABSENT):
            path.unlink()
            sync_folder(path.parent)

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # the clock that dates the files, for their age

    def local_path(self, key: str) -> Path:
        return self._path(key)

    def probe_scope(self) -> None:
        return None  # link(2) fails when the name is taken, or altogether

    def _path(self, key: str) -> Path:
        check_key(key)
        path = self._root / key
        if os.path.realpath(path) != str(path):
            raise Damaged(
                f"{key}: a symbolic link stands in {self._root}; put the files themselves there"
            )
        return path

    def _create(self, key: str, chunks: Callable[[], Iterable[bytes]]) -> bool:
        path = self._path(key)
        with _explained(path):
            self._settle(path.parent)
            is_made = self._link(path, chunks)
            if not is_made and not _holds(path, chunks()):
                raise Conflict(f"{key}: the slot already holds something else")
            # also when another writer was first: its name may not be on disk yet
            sync_folder(path.parent)
        return is_made

    def _link(self, path: Path, chunks: Callable[[], Iterable[bytes]]) -> bool:
        """Whether this call made the object; False when the name was taken."""
        if os.path.lexists(path):
            return False
        with self._written_aside(chunks()) as aside:
            try:
                path.hardlink_to(aside)
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno in _NO_LINKS:
                    raise StoreUnavailable(
                        f"{path}: {error.strerror}; the store needs hard links: "
                        "choose a folder on a local file system such as ext4, xfs, btrfs or apfs"
                    ) from error
                raise
        return True

    @contextmanager
    def _written_aside(self, chunks: Iterable[bytes]) -> Iterator[Path]:
        """A synced file beside the objects; after a failed fsync dropped, never synced again."""
        self._settle(self._aside)
        aside = self._aside / f"{os.getpid()}-{secrets.token_hex(8)}"
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            try:
                for chunk in chunks:
                    _write(handle, chunk)
                os.fsync(handle)
            finally:
                os.close(handle)
            yield aside
        finally:
            with suppress(OSError):  # left for the next day's clean-up
                aside.unlink()

    def _settle(self, folder: Path) -> None:
        """Make the folder and have every name above it on disk, once a process."""
        if folder in self._settled:
            return
        if self._root in folder.parents or not folder.parent.exists():
            self._settle(folder.parent)
        folder.mkdir(exist_ok=True)
        with suppress(PermissionError):  # above the root this user may write without reading
            sync_folder(folder.parent)
        self._settled.add(folder)

    def _remove_stale(self) -> None:
        """Drop what killed writers left aside, once nobody can still be writing it."""
        oldest = time.time() - STALE_SECONDS  # noqa: TID251  # a file's age, not a night
        with suppress(OSError):
            for left in self._aside.iterdir():
                with suppress(OSError):
                    if left.stat().st_mtime < oldest:
                        left.unlink()


def _written_at(stat: os.stat_result) -> datetime:
    return datetime.fromtimestamp(stat.st_mtime, UTC)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        step = _NEXT_STEPS.get(error.errno or 0, "repair the cause, then run again")
        raise StoreUnavailable(
            f"{error.filename or path}: {error.strerror or error}; {step}"
        ) from error


@contextmanager
def _missing(key: str) -> Iterator[None]:
    try:
        yield
    except _ABSENT as error:
        raise Missing(f"{key}: there is no such object in the store") from error


def _raise_unless_absent(error: OSError) -> None:
    if not isinstance(error, _ABSENT):
        raise error


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _holds(path: Path, chunks: Iterable[bytes]) -> bool:
    with path.open("rb") as file:
        return all(file.read(len(chunk)) == chunk for chunk in chunks) and not file.read(1)


def _write(handle: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(handle, rest) :]


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
