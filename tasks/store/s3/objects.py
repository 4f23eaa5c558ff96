"""Objects outside the store: a team's nightly files, read and listed; predictions, written."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from schemas.errors import Missing
from schemas.settings import Addressing, current_settings
from tasks.store.s3.asking import ask
from tasks.store.s3.client import make_client, make_session

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

_PIECE = 1 << 20


def read_object(address: str) -> bytes | None:
    """The bytes at `s3://bucket/key`, or None where there is no such object.

    Raises:
        StoreUnavailable: the server does not answer, or refuses.
    """
    bucket, key = _split(address)
    return _unless_missing(
        address, lambda: bytes(_client().get_object(Bucket=bucket, Key=key)["Body"].read())
    )


def fetch_object(address: str, path: Path) -> None:
    """The object in this file, in pieces; errors as in `read_object`.

    Raises:
        Missing: there is no such object.
    """
    bucket, key = _split(address)

    def fetch() -> None:
        body = _client().get_object(Bucket=bucket, Key=key)["Body"]
        with path.open("wb") as file:
            for piece in body.iter_chunks(_PIECE):
                file.write(piece)

    ask(address, fetch)


def read_tail(address: str, size: int) -> bytes | None:
    """The last bytes of the object, at most so many; otherwise as `read_object`."""
    bucket, key = _split(address)

    def read() -> bytes:
        found = _client().get_object(Bucket=bucket, Key=key, Range=f"bytes=-{size}")
        return bytes(found["Body"].read())

    return _unless_missing(address, read)


def stamp_of(address: str) -> str | None:
    """What changes when the object is written anew; None and errors as in `read_object`."""
    bucket, key = _split(address)
    if not _is_listed(bucket, key):
        return None  # HEAD would not tell a missing object from a missing bucket
    head = _unless_missing(address, lambda: _client().head_object(Bucket=bucket, Key=key))
    return None if head is None else f"{head['ETag']} {head['ContentLength']}"


def objects_below(start: str) -> list[str]:
    """Addresses that begin like this, in order; errors as in `read_object`."""
    bucket, prefix = _split(start)
    pages = _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    found = ask(start, lambda: [item["Key"] for page in pages for item in page.get("Contents", [])])
    return sorted(f"s3://{bucket}/{key}" for key in found)


def write_object(address: str, data: bytes) -> None:
    """Put these bytes there, whole or not at all; errors as in `read_object`."""
    bucket, key = _split(address)
    ask(address, lambda: _client().put_object(Bucket=bucket, Key=key, Body=data))


def _is_listed(bucket: str, key: str) -> bool:
    def look() -> bool:
        page = _client().list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
        return any(item["Key"] == key for item in page.get("Contents", []))

    return ask(f"s3://{bucket}/{key}", look)


def _unless_missing(address: str, operation: Callable[[], T]) -> T | None:
    try:
        return ask(address, operation)
    except Missing:
        return None


def _split(address: str) -> tuple[str, str]:
    bucket, _, key = address.removeprefix("s3://").partition("/")
    return bucket, key


def _client() -> "S3Client":
    return _client_of(current_settings().s3_addressing)


@cache
def _client_of(addressing: Addressing) -> "S3Client":
    return make_client(make_session(), addressing, own_retries=True)
