"""Limits of one delivered file, and the refusals that say where and what to do.

Reading what is within them is `tasks.sources.formats`.
"""

import gzip
import io
import zlib
from typing import Literal, NoReturn

from schemas.errors import DataUnreadable

COLUMNS, ROWS, BYTES = 10_000, 50_000_000, 4 << 30
"""Of one file, its bytes unpacked: what is beyond them is no night of a table."""

_NEXT_STEP = "have the file delivered again"


def unzip(data: bytes, name: str) -> bytes:
    """The bytes, unpacked where they are gzipped, and no further than to the limit."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            unpacked = packed.read(BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        refuse(name, f"the gzip data is damaged or cut off ({error})", error)
    refuse_beyond("bytes", len(unpacked), name)
    return unpacked


def refuse_nul(data: bytes, name: str) -> None:
    """Refuse a NUL byte with its line: no text has one."""
    if (at := data.find(b"\0")) >= 0:
        refuse(name, f"line {_line_of(at, data)}: holds a NUL byte")


def decode(data: bytes, name: str, encoding: str) -> str:
    """The text; a NUL byte or another encoding is refused with its line."""
    refuse_nul(data, name)
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        where = f"line {_line_of(error.start, data)}"
        refuse(name, f"{where}: not {encoding.upper()} text; name the source's encoding", error)


def _line_of(at: int, data: bytes) -> int:
    return data.count(b"\n", 0, at) + 1


def refuse_repeated(header: list[str], name: str) -> None:
    """Refuse a header that has a name twice."""
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        refuse(name, f"line 1: names {repeated} more than once")


def refuse_beyond(what: Literal["columns", "rows", "bytes"], found: int, name: str) -> None:
    """Refuse what is beyond its limit."""
    limit = {"columns": COLUMNS, "rows": ROWS, "bytes": BYTES}[what]
    if found > limit:
        raise DataUnreadable(
            f"{name}: {'more than ' if what == 'bytes' else ''}{found:,} {what}, limit {limit:,}; "
            "deliver it in smaller files"
        )


def refuse(where: str, why: str, cause: Exception | None = None) -> NoReturn:
    """Refuse the file: where it breaks, why, and what to do."""
    raise DataUnreadable(f"{where}: {why}; {_NEXT_STEP}") from cause
