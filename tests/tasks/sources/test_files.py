"""Delivered files: plain values out of whole files, and a refusal that says where of all others."""

import gzip
import io
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from schemas.errors import DataUnreadable
from tasks.sources.files import (
    nights_in,
    parse_csv,
    parse_json_lines,
    parse_parquet,
    read_bytes,
)


def test_csv_values_stay_text() -> None:
    frame = parse_csv(b"carrier,flight,note\nUA,0012,NA\nAA,,1e3\n", "f")
    assert frame["flight"].tolist()[0] == "0012"
    assert frame["note"].tolist() == ["NA", "1e3"]
    assert frame["flight"].isna().tolist() == [False, True]


@pytest.mark.parametrize("data", [b"", gzip.compress(b"", mtime=0), b"\n\n"])
def test_an_empty_csv_has_no_rows_and_no_columns(data: bytes) -> None:
    assert parse_csv(data, "f").shape == (0, 0)


@pytest.mark.parametrize("data", [b"a,b", b"a,b\r\n", gzip.compress(b"a,b\n", mtime=0)])
def test_a_header_alone_is_a_csv_without_rows(data: bytes) -> None:
    frame = parse_csv(data, "f")
    assert list(frame.columns) == ["a", "b"]
    assert len(frame) == 0


def test_a_byte_order_mark_is_no_part_of_a_name() -> None:
    assert list(parse_csv("\ufeffa,b\n1,2\n".encode(), "f").columns) == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (gzip.compress(b"a,b\n" + b"1,2\n" * 999, mtime=0)[:-20], "cut off"),
        (b"\x1f\x8b" + b"\0" * 30, "damaged"),
        (b"a,b\n1,2\n3\n", "line 3: 1 values under 2 column names"),
        (b"a,b\n1,2,3\n", "line 2: 3 values under 2 column names"),
        (b'a,b\n1,"2\n', "line 2: unexpected end of data"),
        (b"a,b\n1,2\n3,\0\n", "line 3: holds a NUL byte"),
        (b"a,b\n1,2\n\xff,4\n", "line 3: not UTF-8"),
        (b"a,b,a\n1,2,3\n", r"line 1: names \['a'\] more than once"),
    ],
)
def test_a_broken_csv_is_refused_with_file_line_and_next_step(data: bytes, why: str) -> None:
    with pytest.raises(DataUnreadable, match=rf"^flights/x\.csv\.gz: .*{why}.*delivered again"):
        parse_csv(data, "flights/x.csv.gz")


def test_json_values_keep_their_type() -> None:
    frame = parse_json_lines(b'{"a": 1.5, "b": "x"}\n\n{"b": null, "a": "2"}\n', "f")
    assert frame["a"].tolist() == [1.5, "2"]
    assert frame["b"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a": 1}\n{"a": \n', "line 2: not JSON"),
        (b'{"a": NaN}\n', "line 1: not JSON"),
        (b"[1]\n", "line 1: a JSON object was expected"),
        (b'{"a": {"b": 1}}\n', r"line 1: the values of \['a'\] are nested"),
        (b"[" * 100_000, "line 1: not JSON"),
    ],
)
def test_broken_json_lines_are_refused_with_their_line(data: bytes, why: str) -> None:
    with pytest.raises(DataUnreadable, match=why):
        parse_json_lines(data, "weather.jsonl")


@pytest.mark.parametrize("keep", [0, 3, 60, -1])
def test_a_damaged_parquet_file_is_refused(keep: int) -> None:
    whole = io.BytesIO()
    pd.DataFrame({"a": range(99)}).to_parquet(whole)
    with pytest.raises(DataUnreadable, match=r"aircraft\.parquet: not a Parquet file"):
        parse_parquet(whole.getvalue()[:keep], "aircraft.parquet")


def test_a_folder_in_a_files_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataUnreadable, match="give this user access"):
        read_bytes(tmp_path)
    assert read_bytes(tmp_path / "absent") is None


def test_only_files_named_after_nights_are_nights(tmp_path: Path) -> None:
    for name in ("2013-01-02.csv", "2013-01-01.csv", "2013-13-01.csv", ".2013-01-03.csv", "x.csv"):
        (tmp_path / name).touch()
    assert nights_in(tmp_path, ".csv") == (date(2013, 1, 1), date(2013, 1, 2))
    assert nights_in(tmp_path / "absent", ".csv") == ()
