"""CSV and its kin: every value as text, nothing guessed. Other formats: `tasks.sources.formats`."""

import csv
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from tasks.sources.limits import (
    decode,
    refuse,
    refuse_beyond,
    refuse_nul,
    refuse_repeated,
    unzip,
)

_TEXT = pa.large_string()  # as pandas has it: another would be copied
_MARK = b"\xef\xbb\xbf"
"""What some editors put before a file in UTF-8."""


def parse_csv(
    data: bytes, name: str, separator: str = ",", encoding: str = "utf-8"
) -> pd.DataFrame:
    """A CSV file, gzipped or not, with every value as text and empty values as nulls.

    Raises:
        DataUnreadable: cut off, in another encoding, without a header, with rows of another
            length, or beyond a limit.
    """
    data = unzip(data, name)
    refuse_nul(data, name)
    frame = _parse_csv_fast(data, name, separator, encoding)
    if frame is None:
        text = decode(data, name, encoding)
        header = text[: text.find("\n") + 1] or text  # to divide the text would copy it
        refuse_beyond("columns", header.count(separator) + 1, name)
        frame = _parse_csv_strictly(text, name, separator)
    refuse_repeated(list(frame.columns), name)
    refuse_beyond("rows", len(frame), name)
    return frame


def _parse_csv_fast(data: bytes, name: str, separator: str, encoding: str) -> pd.DataFrame | None:
    """The file in a tenth of the time; None where it is not plainly right, to be told why."""
    end = data.find(b"\n") + 1
    try:
        header = data[: end or None].decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        return None
    refuse_beyond("columns", header.count(separator) + 1, name)
    names = next(csv.reader([header.rstrip("\r\n")], delimiter=separator), [])
    is_quoted = data.find(b'"', end) >= 0
    if (
        not names
        or not end
        or header.count('"') % 2  # a name goes on in the next line
        or len(set(names)) < len(names)
        or (b'"' in data and not _is_well_quoted(data, separator))
    ):
        return None
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(memoryview(data)[end:]),
            pyarrow.csv.ReadOptions(encoding=encoding, column_names=names),
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
        refuse(name, f"line {rows.line_num}: {error}")
    return pd.DataFrame(values, columns=pd.Index(header, dtype="str"), dtype="str")


def _same_length(row: list[str], header: list[str], line: int, name: str) -> list[str | None]:
    if len(row) != len(header):
        refuse(name, f"line {line}: {len(row)} values under {len(header)} column names")
    return [value or None for value in row]
