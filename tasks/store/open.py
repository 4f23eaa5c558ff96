"""From an address to a store. What a store can do is `tasks.store.store`."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas.errors import InvalidName
from schemas.settings import Addressing
from tasks.store.backend import Backend
from tasks.store.local import LocalStore
from tasks.store.store import Store

_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_PREFIX = r"(/[A-Za-z0-9][A-Za-z0-9._-]*)*"


def open_store(url: str, cache: Path, addressing: Addressing = "auto") -> Store:
    """The store at `file:///absolute/folder` or `s3://bucket/prefix`.

    Neither folder is made before the first write, and no bucket is asked before the first read.

    Raises:
        InvalidName: any other address.
    """
    return Store(open_backend(url, addressing), cache)


def open_backend(
    url: str, addressing: Addressing = "auto", deadline_seconds: float | None = None
) -> Backend:
    """The backend at an address, which may ask a bucket so long; errors as in `open_store`."""
    scheme = urlsplit(url).scheme
    if scheme == "file":
        return LocalStore(_folder(url))
    if scheme != "s3":
        raise InvalidName(
            f"store {_shown(url)} is refused: write s3://bucket/prefix or file:///absolute/folder"
        )
    bucket, prefix = _bucket(url)
    from tasks.store.s3 import S3Store  # half a second of import that a folder does not need

    if deadline_seconds is None:
        return S3Store(bucket, prefix, addressing)
    return S3Store(bucket, prefix, addressing, deadline_seconds)


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    exact = url.startswith("file:///") and not (parts.query or parts.fragment)
    if not exact or "\0" in unquote(parts.path):
        raise InvalidName(
            f"store {_shown(url)} is refused: write file:/// and an absolute folder, as in "
            "file:///srv/driftloop; '%', '?' and '#' in its name as %25, %3F and %23"
        )
    return Path(unquote(parts.path))


def _bucket(url: str) -> tuple[str, str]:
    match = re.fullmatch(rf"s3://({_BUCKET})({_PREFIX})/?", url)
    if not match:
        raise InvalidName(
            f"store {_shown(url)} is refused: write s3://bucket/prefix, both of letters, digits, "
            "'-' and '.', without user, port or query; the server's address is AWS_ENDPOINT_URL"
        )
    return match[1], match[2].strip("/")


def _shown(url: str) -> str:
    """The address without what may be a password."""
    return ascii(re.sub(r"//[^/]*@", "//...@", url)[:200])
