"""Where delivered files lie: a folder, or a bucket of S3-compatible storage; read, never written.

What is in them is `tasks.sources.formats`, which of them make a night `tasks.sources.template`.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.batch import SourceFile
from schemas.errors import DataUnreadable, Missing
from schemas.settings import current_settings

_BUCKET = "s3://"


@dataclass(frozen=True)
class Version:
    """An address at one time: one that was written anew has another `stamp`."""

    address: str
    stamp: str


def locate(address: str) -> str:
    """An address as it can be read: names count from the data folder of the settings."""
    return address if is_bucket(address) else str(current_settings().data / address)


def is_bucket(address: str) -> bool:
    """Whether it is an object of a bucket, and no file of this machine."""
    return address.startswith(_BUCKET)


def version_of(address: str) -> Version | None:
    """What lies there now, without reading it; None where there is nothing.

    Raises:
        DataUnreadable: this user may not look.
        StoreUnavailable: the bucket does not answer.
    """
    if is_bucket(address):
        from tasks.store.s3.objects import stamp_of

        stamp = stamp_of(address)
        return None if stamp is None else Version(address, stamp)
    try:
        stat = Path(address).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _no_access(address, error) from error
    return Version(address, f"{stat.st_mtime_ns} {stat.st_size}")


def read_address(address: str) -> bytes | None:
    """The bytes there, or None where there is nothing; errors as in `version_of`."""
    if is_bucket(address):
        from tasks.store.s3.objects import read_object

        return read_object(address)
    return read_bytes(Path(address))


def read_tail(address: str, size: int) -> bytes | None:
    """The last bytes there, at most so many; otherwise as `read_address`."""
    if is_bucket(address):
        from tasks.store.s3.objects import read_tail

        return read_tail(address, size)
    try:
        with Path(address).open("rb") as file:
            file.seek(-min(size, file.seek(0, os.SEEK_END)), os.SEEK_END)
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _no_access(address, error) from error


@contextmanager
def as_file(address: str) -> Iterator[Path]:
    """What lies there as a file of this machine: itself, or a copy for the time of the block.

    Raises:
        DataUnreadable, StoreUnavailable: as in `version_of`, and where nothing is there any more.
    """
    if not is_bucket(address):
        yield Path(address)
        return
    from tasks.store.s3.objects import fetch_object

    with tempfile.TemporaryDirectory(prefix="driftloop-") as folder:
        path = Path(folder) / "object"
        try:
            fetch_object(address, path)
        except Missing as error:
            raise DataUnreadable(f"{address}: it is gone; have it delivered again") from error
        yield path


def describe_address(name: str, address: str) -> SourceFile:
    """What lies there as records name it, read in pieces; errors as in `as_file`."""
    with as_file(address) as path:
        return describe_file(name, path)


def describe_file(name: str, path: Path) -> SourceFile:
    """The same of a file of this machine."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return SourceFile(name=name, sha256=sha256, bytes=file.tell())
    except OSError as error:
        raise _no_access(str(path), error) from error


def addresses_below(start: str) -> list[str]:
    """All addresses that begin like this, in order; none where there is nothing."""
    if is_bucket(start):
        from tasks.store.s3.objects import objects_below

        return objects_below(start)
    folder = Path(start) if start.endswith("/") else Path(start).parent
    found = (str(path) for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path.startswith(start))


def read_bytes(path: Path) -> bytes | None:
    """The file's bytes, or None where there is no file.

    Raises:
        DataUnreadable: something is there that cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _no_access(str(path), error) from error


def describe(name: str, data: bytes) -> SourceFile:
    """The file as records name it."""
    return SourceFile(name=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def shown(address: str) -> str:
    """What records call a file: where it lies on this machine is no business of theirs."""
    return address.rsplit("/", 1)[-1] if address.startswith("/") else address


def nights_in(folder: Path, suffix: str) -> tuple[date, ...]:
    """The nights, in order, of the files named `<night><suffix>`; other files are passed over."""
    if not folder.is_dir():
        return ()
    stems = (path.name.removesuffix(suffix) for path in folder.glob(f"????-??-??{suffix}"))
    return tuple(sorted(night for stem in stems if (night := _night(stem))))


def _night(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _no_access(path: str, error: OSError) -> DataUnreadable:
    return DataUnreadable(f"{path}: {error.strerror}; give this user access to it")
