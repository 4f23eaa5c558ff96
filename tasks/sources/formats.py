"""Delivered files as frames of plain values: CSV as text, the other formats as they are typed.

Nothing is guessed or repaired here. Where files lie is `tasks.sources.places`, which of them make
a night is each source's own; types, ranges and missing columns are judged against the contract.
"""

import io
import json
import zipfile
from typing import Any, NoReturn

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, load_workbook

from tasks.sources.delimited import parse_csv
from tasks.sources.limits import decode, refuse, refuse_beyond, refuse_repeated, unzip


def suffix_of(name: str) -> str:
    """The format that a file's name ends with, such as `.csv` or `.csv.gz`; "" for any other."""
    return next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), "")


def parse(data: bytes, name: str, **reading: str) -> pd.DataFrame:
    """The file in the format that its name ends with; `reading` as that format's own parser takes.

    Raises:
        DataUnreadable: it is not what its name says, is damaged, or is beyond a limit.
    """
    refuse_beyond("bytes", len(data), name)
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


def parse_json_lines(data: bytes, name: str) -> pd.DataFrame:
    """One JSON object a line, gzipped or not; values keep their JSON type, absent ones are null.

    Raises:
        DataUnreadable: a line that is no flat JSON object, or beyond a limit.
    """
    lines = decode(unzip(data, name), name, "utf-8").split("\n")
    refuse_beyond("rows", len(lines), name)
    records = [_flat(line, f"{name}: line {n}") for n, line in enumerate(lines, 1) if line.strip()]
    try:
        frame = pd.DataFrame.from_records(records)
    except OverflowError:  # a whole number that no float has room for
        frame = pd.DataFrame(records, dtype=object)
    refuse_beyond("columns", len(frame.columns), name)
    return frame


def parse_parquet(data: bytes, name: str) -> pd.DataFrame:
    """A Parquet file.

    Raises:
        DataUnreadable: it is none, is damaged, or is beyond a limit, by what its footer says.
    """
    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            refuse_beyond_limits(file, name)
            frame: pd.DataFrame = file.read().to_pandas()
    except (pa.ArrowException, OSError, ValueError) as error:
        refuse(name, f"not a Parquet file ({str(error).splitlines()[0]})", error)
    return frame


def refuse_beyond_limits(file: pq.ParquetFile, name: str) -> None:
    """Refuse a Parquet file by what its footer says, before any of it is unpacked."""
    told = file.metadata
    groups = (told.row_group(number) for number in range(told.num_row_groups))
    refuse_beyond("bytes", sum(group.total_byte_size for group in groups), name)
    refuse_beyond("columns", told.num_columns, name)
    refuse_beyond("rows", told.num_rows, name)
    refuse_repeated(file.schema_arrow.names, name)


def parse_excel(data: bytes, name: str, sheet: str = "") -> pd.DataFrame:
    """One sheet of an Excel workbook (.xlsx), the first unless one is named, headed by its names.

    Numbers, booleans and dates keep their type; empty cells are nulls, empty rows are left out.

    Raises:
        DataUnreadable: none, damaged or protected, without such a sheet, or beyond a limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            refuse_beyond("bytes", sum(i.file_size for i in packed.infolist()), name)
        book = load_workbook(io.BytesIO(data))
        if sheet and sheet not in book.sheet_names:
            refuse(name, f"has no sheet {sheet!r}, but {book.sheet_names}")
        cells = book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python()
    except (CalamineError, zipfile.BadZipFile) as error:
        refuse(name, f"not an Excel workbook ({error})", error)
    rows = [[None if cell == "" else cell for cell in row] for row in cells]
    header, *values = [row for row in rows if any(cell is not None for cell in row)] or [[]]
    names = ["" if cell is None else str(cell) for cell in header]
    refuse_beyond("columns", len(names), name)
    refuse_beyond("rows", len(values), name)
    refuse_repeated(names, name)
    return pd.DataFrame(values, columns=pd.Index(names, dtype="str"), dtype=object)


def _flat(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        refuse(where, f"not JSON ({error})", error)
    if not isinstance(record, dict):
        refuse(where, "a JSON object was expected")
    if "\\ud" in line.lower() and not _is_whole(record):
        refuse(where, "holds half a letter, a surrogate without its other half")
    if nested := sorted(k for k, value in record.items() if isinstance(value, dict | list)):
        refuse(where, f"the values of {nested} are nested")
    return record


def _is_whole(record: dict[str, Any]) -> bool:
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
