"""What is sent to an S3 server: open files, and the checksum that goes with them."""

import base64
import hashlib
from io import BufferedReader
from pathlib import Path

from schemas.errors import StoreUnavailable


def opened(path: Path) -> BufferedReader:
    """The file at its beginning. Raises StoreUnavailable when it cannot be read."""
    try:
        return path.open("rb")
    except OSError as error:
        raise StoreUnavailable(
            f"{path}: {error.strerror}; it must be readable to be stored"
        ) from error


def rewound(file: BufferedReader) -> BufferedReader:
    """The file once more, for another try."""
    file.seek(0)
    return file


def md5_of(body: bytes | BufferedReader) -> str:
    """The one checksum that every server compares, as the header has it."""
    if isinstance(body, bytes):
        digest = hashlib.md5(body, usedforsecurity=False)
    else:
        digest = hashlib.file_digest(body, lambda: hashlib.md5(usedforsecurity=False))
        body.seek(0)
    return base64.b64encode(digest.digest()).decode()
