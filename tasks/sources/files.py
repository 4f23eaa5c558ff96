"""Delivered files as frames of plain values: CSV as text, JSON lines as they are, Parquet as typed.

Nothing is guessed or repaired here. Which files make a night is each source's own; types, ranges
and missing columns are judged against the contract.
"""

import csv
import gzip
import hashlib
import io
import json
import zlib
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.batch import SourceFile
from schemas.errors import DataUnreadable

_NEXT_STEP = "have the file delivered again"


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
        raise DataUnreadable(f"{path}: {error.strerror}; give this user access to it") from error


def describe(name: str, data: bytes) -> SourceFile:
    """The file as records name it."""
    return SourceFile(name=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def nights_in(folder: Path, suffix: str) -> tuple[date, ...]:
    """The nights, in order, of the files named `<night><suffix>`; other files are passed over."""
    if not folder.is_dir():
        return ()
    stems = (path.name.removesuffix(suffix) for path in folder.glob(f"????-??-??{suffix}"))
    return tuple(sorted(night for stem in stems if (night := _night(stem))))


def parse_csv(data: bytes, name: str) -> pd.DataFrame:
    """A CSV file, gzipped or not, with every value as text and empty values as nulls.

    Raises:
        DataUnreadable: cut off, not UTF-8, without a header, or with rows of another length.
    """
    text = _decode(_unzip(data, name), name)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, [])
        values = [_same_length(row, header, rows.line_num, name) for row in rows if row]
    except csv.Error as error:
        _refuse(name, f"line {rows.line_num}: {error}")
    _refuse_repeated(header, name)
    return pd.DataFrame(values, columns=pd.Index(header, dtype="str"), dtype="str")


def parse_json_lines(data: bytes, name: str) -> pd.DataFrame:
    """One JSON object a line; values keep their JSON type, absent ones are null.

    Raises:
        DataUnreadable: a line that is no flat JSON object.
    """
    lines = _decode(data, name).split("\n")
    records = [_flat(line, f"{name}: line {n}") for n, line in enumerate(lines, 1) if line.strip()]
    return pd.DataFrame.from_records(records)


def parse_parquet(data: bytes, name: str) -> pd.DataFrame:
    """A Parquet file.

    Raises:
        DataUnreadable: it is none, or is damaged.
    """
    try:
        frame: pd.DataFrame = pq.read_table(pa.BufferReader(data)).to_pandas()
    except (pa.ArrowException, OSError, ValueError) as error:
        _refuse(name, f"not a Parquet file ({str(error).splitlines()[0]})", error)
    return frame


def _night(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _unzip(data: bytes, name: str) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, OSError, zlib.error) as error:
        _refuse(name, f"the gzip data is damaged or cut off ({error})", error)


def _decode(data: bytes, name: str) -> str:
    if (at := data.find(b"\0")) >= 0:
        _refuse(name, f"line {_line_of(at, data)}: holds a NUL byte")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(name, f"line {_line_of(error.start, data)}: not UTF-8 text", error)


def _line_of(at: int, data: bytes) -> int:
    return data.count(b"\n", 0, at) + 1


def _same_length(row: list[str], header: list[str], line: int, name: str) -> list[str | None]:
    if len(row) != len(header):
        _refuse(name, f"line {line}: {len(row)} values under {len(header)} column names")
    return [value or None for value in row]


def _refuse_repeated(header: list[str], name: str) -> None:
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        _refuse(name, f"line 1: names {repeated} more than once")


def _flat(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        _refuse(where, f"not JSON ({error})", error)
    if not isinstance(record, dict):
        _refuse(where, "a JSON object was expected")
    if nested := sorted(k for k, value in record.items() if isinstance(value, dict | list)):
        _refuse(where, f"the values of {nested} are nested")
    return record


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _refuse(where: str, why: str, cause: Exception | None = None) -> NoReturn:
    raise DataUnreadable(f"{where}: {why}; {_NEXT_STEP}") from cause
