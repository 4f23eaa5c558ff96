"""Delivered files as frames of plain values: CSV as text, the other formats as they are typed.

Nothing is guessed or repaired here. Where files lie is `tasks.sources.places`, which of them make
a night is each source's own; types, ranges and missing columns are judged against the contract.
"""

import csv
import gzip
import io
import json
import zipfile
import zlib
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from python_calamine import CalamineError, load_workbook

from schemas.errors import DataUnreadable

COLUMNS, ROWS, BYTES = 10_000, 50_000_000, 4 << 30
"""Limits of one file, its bytes unpacked: what is beyond them is no night of a table."""

_NEXT_STEP = "have the file delivered again"
_TEXT = pa.string()
_MARK = b"\xef\xbb\xbf"
"""What some editors put before a file in UTF-8."""


def suffix_of(name: str) -> str:
    """The format that a file's name ends with, such as `.csv` or `.csv.gz`; "" for any other."""
    return next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), "")


def parse(data: bytes, name: str, **reading: str) -> pd.DataFrame:
    """The file in the format that its name ends with; `reading` as that format's own parser takes.

    Raises:
        DataUnreadable: it is not what its name says, is damaged, or is beyond a limit.
    """
    _refuse_beyond("bytes", len(data), BYTES, name)
    suffix = suffix_of(name)
    if suffix.startswith((".csv", ".tsv")):
        return parse_csv(data, name, **reading)
    if suffix.startswith(".jsonl"):
        return parse_json_lines(data, name)
    if suffix == ".xlsx":
        return parse_excel(data, name, **reading)
    return parse_parquet(data, name)


SUFFIXES = (
    *(".csv", ".csv.gz", ".tsv", ".tsv.gz"),
    *(".jsonl", ".jsonl.gz", ".parquet", ".xlsx"),
)


def parse_csv(
    data: bytes, name: str, separator: str = ",", encoding: str = "utf-8"
) -> pd.DataFrame:
    """A CSV file, gzipped or not, with every value as text and empty values as nulls.

    Raises:
        DataUnreadable: cut off, in another encoding, without a header, with rows of another
            length, or beyond a limit.
    """
    data = _unzip(data, name)
    text = _decode(data, name, encoding)
    header = text[: text.find("\n") + 1] or text  # to divide the text would copy it
    _refuse_beyond("columns", header.count(separator) + 1, COLUMNS, name)
    frame = _parse_csv_fast(data, header.rstrip("\r\n"), separator, encoding)
    if frame is None:
        frame = _parse_csv_strictly(text, name, separator)
    _refuse_repeated(list(frame.columns), name)
    _refuse_beyond("rows", len(frame), ROWS, name)
    return frame


def _parse_csv_fast(data: bytes, header: str, separator: str, encoding: str) -> pd.DataFrame | None:
    """The file in a tenth of the time; None where it is not plainly right, to be told why."""
    names = next(csv.reader([header], delimiter=separator), [])
    is_quoted = b'"' in data
    if (
        not names
        or len(set(names)) < len(names)
        or (is_quoted and not _is_well_quoted(data, separator))
    ):
        return None
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            pyarrow.csv.ReadOptions(encoding=encoding),
            pyarrow.csv.ParseOptions(
                delimiter=separator,
                quote_char='"' if is_quoted else False,
                newlines_in_values=is_quoted,
            ),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, _TEXT), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.column_names != names:  # columns under other names were guessed at
        return None
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _is_well_quoted(data: bytes, separator: str) -> bool:
    """Whether quotes open and close whole values: a reader that forgives would lose rows."""
    data = data.removeprefix(_MARK)
    first, last = data.find(b'"'), data.rfind(b'"')
    before = data[first - 1 : first] or b"\n"
    around = np.frombuffer(before + data[first : last + 2] + b"\n", np.uint8)
    quotes = np.flatnonzero(around == ord('"'))
    ends = np.frombuffer(f'{separator}\r\n"'.encode(), np.uint8)
    opening, closing = quotes[0::2], quotes[1::2]
    if len(opening) != len(closing):
        return False
    is_opened = np.isin(around[opening - 1], ends).all()
    return bool(is_opened and np.isin(around[closing + 1], ends).all())


def _parse_csv_strictly(text: str, name: str, separator: str) -> pd.DataFrame:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        header = next(rows, [])
        values = [_same_length(row, header, rows.line_num, name) for row in rows if row]
    except csv.Error as error:
        _refuse(name, f"line {rows.line_num}: {error}")
    return pd.DataFrame(values, columns=pd.Index(header, dtype="str"), dtype="str")


def parse_json_lines(data: bytes, name: str) -> pd.DataFrame:
    """One JSON object a line, gzipped or not; values keep their JSON type, absent ones are null.

    Raises:
        DataUnreadable: a line that is no flat JSON object, or beyond a limit.
    """
    lines = _decode(_unzip(data, name), name, "utf-8").split("\n")
    _refuse_beyond("rows", len(lines), ROWS, name)
    records = [_flat(line, f"{name}: line {n}") for n, line in enumerate(lines, 1) if line.strip()]
    try:
        frame = pd.DataFrame.from_records(records)
    except OverflowError:  # a whole number that no float has room for
        frame = pd.DataFrame(records, dtype=object)
    _refuse_beyond("columns", len(frame.columns), COLUMNS, name)
    return frame


def parse_parquet(data: bytes, name: str) -> pd.DataFrame:
    """A Parquet file.

    Raises:
        DataUnreadable: it is none, is damaged, or is beyond a limit, by what its footer says.
    """
    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            told = file.metadata
            groups = (told.row_group(number) for number in range(told.num_row_groups))
            _refuse_beyond("bytes", sum(group.total_byte_size for group in groups), BYTES, name)
            _refuse_beyond("columns", told.num_columns, COLUMNS, name)
            _refuse_beyond("rows", told.num_rows, ROWS, name)
            _refuse_repeated(file.schema_arrow.names, name)
            frame: pd.DataFrame = file.read().to_pandas()
    except (pa.ArrowException, OSError, ValueError) as error:
        _refuse(name, f"not a Parquet file ({str(error).splitlines()[0]})", error)
    return frame


def parse_excel(data: bytes, name: str, sheet: str = "") -> pd.DataFrame:
    """One sheet of an Excel workbook (.xlsx), the first unless one is named, headed by its names.

    Numbers, booleans and dates keep their type; empty cells are nulls, empty rows are left out.

    Raises:
        DataUnreadable: none, damaged or protected, without such a sheet, or beyond a limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _refuse_beyond("bytes", sum(i.file_size for i in packed.infolist()), BYTES, name)
        book = load_workbook(io.BytesIO(data))
        if sheet and sheet not in book.sheet_names:
            _refuse(name, f"has no sheet {sheet!r}, but {book.sheet_names}")
        cells = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python()
    except (CalamineError, zipfile.BadZipFile) as error:
        _refuse(name, f"not an Excel workbook ({error})", error)
    rows = [[None if cell == "" else cell for cell in row] for row in cells]
    header, *values = [row for row in rows if any(cell is not None for cell in row)] or [[]]
    names = ["" if cell is None else str(cell) for cell in header]
    _refuse_beyond("columns", len(names), COLUMNS, name)
    _refuse_beyond("rows", len(values), ROWS, name)
    _refuse_repeated(names, name)
    return pd.DataFrame(values, columns=pd.Index(names, dtype="str"), dtype=object)


def _unzip(data: bytes, name: str) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            unpacked = packed.read(BYTES + 1)
    except (EOFError, OSError, zlib.error) as error:
        _refuse(name, f"the gzip data is damaged or cut off ({error})", error)
    _refuse_beyond("bytes", len(unpacked), BYTES, name)
    return unpacked


def _decode(data: bytes, name: str, encoding: str) -> str:
    if (at := data.find(b"\0")) >= 0:
        _refuse(name, f"line {_line_of(at, data)}: holds a NUL byte")
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        where = f"line {_line_of(error.start, data)}"
        _refuse(name, f"{where}: not {encoding.upper()} text; name the source's encoding", error)


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
    if "\\ud" in line.lower() and not _is_whole(record):
        _refuse(where, "holds half a letter, a surrogate without its other half")
    if nested := sorted(k for k, value in record.items() if isinstance(value, dict | list)):
        _refuse(where, f"the values of {nested} are nested")
    return record


def _is_whole(record: dict[str, Any]) -> bool:
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _refuse_beyond(what: str, found: int, limit: int, name: str) -> None:
    if found > limit:
        raise DataUnreadable(
            f"{name}: {'more than ' if what == 'bytes' else ''}{found:,} {what}, limit {limit:,}; "
            "deliver it in smaller files"
        )


def _refuse(where: str, why: str, cause: Exception | None = None) -> NoReturn:
    raise DataUnreadable(f"{where}: {why}; {_NEXT_STEP}") from cause
