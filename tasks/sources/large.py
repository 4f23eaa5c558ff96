"""A Parquet file that is too large to be held as a whole, read a part at a time.

All other files are read at once, by `tasks.sources.formats`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.source import LargeNight
from tasks.sources.formats import refuse_beyond_limits, suffix_of
from tasks.sources.limits import refuse
from tasks.sources.places import as_file, describe_file, read_tail, shown, version_of

CELLS = 40_000_000
"""More values than these, rows times columns, are read in parts: they would be 320 MB of floats."""
ROWS = 131_072
"""Rows of a part."""
_FOOTER = 1 << 16


@contextmanager
def open_parquet(
    address: str,
    name: str,
    prepared: Callable[[pd.DataFrame], pd.DataFrame],
    columns: tuple[str, ...] | None = None,
) -> Iterator[LargeNight | None]:
    """The file's rows in parts, each as `prepared`; None where there is none, or it is not large.

    With `columns`, of those that are there no others are read.

    Raises:
        DataUnreadable: it is damaged, beyond a limit, or was written anew while it was read.
    """
    if suffix_of(name) != ".parquet" or not _is_large(address):
        yield None
        return
    before = version_of(address)
    with as_file(address) as path:
        file = describe_file(shown(name), path)
        rows = _check_footer(path, name)

        def read() -> Iterator[pd.DataFrame]:
            for part in _parts(path, name, columns):
                yield prepared(part)
            if version_of(address) != before:
                refuse(name, "it was written anew while it was read")

        yield LargeNight(read, rows, (file,))


def _is_large(address: str) -> bool:
    """By the footer alone; a file that has none is for others to refuse."""
    tail = read_tail(address, _FOOTER)
    if tail is None or tail[-4:] != b"PAR1":
        return False
    needed = int.from_bytes(tail[-8:-4], "little") + 8
    if needed > len(tail):
        tail = read_tail(address, needed) or b""
    try:
        told = pq.read_metadata(pa.BufferReader(tail))
    except (pa.ArrowException, OSError):
        return False
    return bool(told.num_rows * told.num_columns > CELLS)


def _check_footer(path: Path, name: str) -> int:
    try:
        with pq.ParquetFile(path) as file:
            refuse_beyond_limits(file, name)
            return int(file.metadata.num_rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        refuse(name, f"not a Parquet file ({str(error).splitlines()[0]})", error)


def _parts(path: Path, name: str, columns: tuple[str, ...] | None) -> Iterator[pd.DataFrame]:
    try:
        with pq.ParquetFile(path) as file:
            there = [n for n in file.schema_arrow.names if columns is None or n in columns]
            for part in file.iter_batches(ROWS, columns=there):
                yield part.to_pandas()
    except (pa.ArrowException, OSError, ValueError) as error:
        refuse(name, f"not a Parquet file ({str(error).splitlines()[0]})", error)
