"""Delivered files: plain values out of whole files, and a refusal that says where of all others."""

import gzip
import io
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import DataUnreadable
from tasks.sources.delimited import _parse_csv_strictly, parse_csv
from tasks.sources.formats import parse, parse_excel, parse_json_lines, parse_parquet
from tasks.sources.places import nights_in, read_bytes


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


def test_a_name_may_go_on_in_the_next_line() -> None:
    frame = parse_csv(b'"a\nx","b"\n1,"2\n3"\n', "f")
    assert frame.to_dict("list") == {"a\nx": ["1"], "b": ["2\n3"]}


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


def _workbook(frame: pd.DataFrame, **sheets: pd.DataFrame) -> bytes:
    written = io.BytesIO()
    with pd.ExcelWriter(written) as book:
        for name, sheet in {"first": frame, **sheets}.items():
            sheet.to_excel(book, sheet_name=name, index=False)
    return written.getvalue()


def test_a_workbooks_cells_keep_their_type() -> None:
    frame = pd.DataFrame(
        {"n": [1.5, None], "t": pd.Timestamp("2026-03-01 07:00"), "w": ["NA", "7"]}
    )
    read = parse_excel(_workbook(frame), "x.xlsx")
    assert read["n"].tolist()[0] == 1.5
    assert read["n"].isna().tolist() == [False, True]
    assert read["w"].tolist() == ["NA", "7"]
    assert pd.to_datetime(read["t"]).tolist() == frame["t"].tolist()


def test_a_sheet_is_the_first_or_the_one_that_is_named() -> None:
    book = _workbook(pd.DataFrame({"a": [1]}), second=pd.DataFrame({"b": [2]}))
    assert list(parse_excel(book, "x.xlsx").columns) == ["a"]
    assert list(parse_excel(book, "x.xlsx", sheet="second").columns) == ["b"]
    with pytest.raises(DataUnreadable, match=r"x\.xlsx: has no sheet 'third', but \['first', 'sec"):
        parse_excel(book, "x.xlsx", sheet="third")


@pytest.mark.parametrize("keep", [0, 4, 300, -1])
def test_a_damaged_workbook_is_refused(keep: int) -> None:
    with pytest.raises(DataUnreadable, match=r"x\.xlsx: not an Excel workbook"):
        parse_excel(_workbook(pd.DataFrame({"a": [1]}))[:keep], "x.xlsx")


def test_another_separator_and_encoding() -> None:
    data = "stra\xdfe;n\nA;1,5\n".encode("latin-1")
    frame = parse_csv(data, "f", separator=";", encoding="latin-1")
    assert frame.to_dict("records") == [{"stra\xdfe": "A", "n": "1,5"}]
    with pytest.raises(DataUnreadable, match="not UTF-8 text; name the source's encoding"):
        parse_csv(data, "f", separator=";")


@pytest.mark.parametrize("quote", ["", '"'])
def test_quotes_change_no_value(quote: str) -> None:
    rows = "".join(f"{quote}{n}{quote},,NA, x\r\n" for n in range(5))
    frame = parse_csv(f"a,b,c,d\r\n{rows}\r\n".encode(), "f")
    assert frame["a"].tolist() == ["0", "1", "2", "3", "4"]
    assert frame["b"].isna().all()
    assert frame["c"].tolist() == ["NA"] * 5
    assert frame["d"].tolist() == [" x"] * 5
    assert set(map(str, frame.dtypes)) == {"str"}


@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.jsonl.gz", "x.parquet", "x.xlsx"])
def test_what_is_beyond_a_limit_is_refused_unread(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pd.DataFrame({"a": range(2000)})
    written = {
        "x.csv": frame.to_csv(index=False).encode(),
        "x.csv.gz": gzip.compress(frame.to_csv(index=False).encode()),
        "x.jsonl.gz": gzip.compress(frame.to_json(orient="records", lines=True).encode()),
        "x.parquet": frame.to_parquet(),
        "x.xlsx": _workbook(frame),
    }[name]
    assert len(parse(written, name)) == 2000
    for what, limit in {"ROWS": 1999, "BYTES": 1000}.items():
        monkeypatch.setattr(f"tasks.sources.limits.{what}", limit)
        with pytest.raises(DataUnreadable, match=rf"^{name}: .*limit {limit:,}; deliver it in sm"):
            parse(written, name)
        monkeypatch.undo()


@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "x.xlsx", "x.jsonl"])
def test_too_many_columns_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({f"c{n}": [n] for n in range(20)})
    written = {
        "x.csv": frame.to_csv(index=False).encode(),
        "x.jsonl": frame.to_json(orient="records", lines=True).encode(),
        "x.parquet": frame.to_parquet(),
        "x.xlsx": _workbook(frame),
    }[name]
    monkeypatch.setattr("tasks.sources.limits.COLUMNS", 19)
    with pytest.raises(DataUnreadable, match="20 columns, limit 19"):
        parse(written, name)


def test_a_folder_in_a_files_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataUnreadable, match="give this user access"):
        read_bytes(tmp_path)
    assert read_bytes(tmp_path / "absent") is None


def test_only_files_named_after_nights_are_nights(tmp_path: Path) -> None:
    for name in ("2013-01-02.csv", "2013-01-01.csv", "2013-13-01.csv", ".2013-01-03.csv", "x.csv"):
        (tmp_path / name).touch()
    assert nights_in(tmp_path, ".csv") == (date(2013, 1, 1), date(2013, 1, 2))
    assert nights_in(tmp_path / "absent", ".csv") == ()


@given(st.text(alphabet='ab1,"\n\r', max_size=40))
@settings(max_examples=400)
def test_the_fast_reader_of_csv_never_says_anything_else_than_the_strict_one(body: str) -> None:
    text = f"x,y\n{body}"
    try:
        strict = _parse_csv_strictly(text, "x.csv", ",")
    except DataUnreadable:
        with pytest.raises(DataUnreadable):
            parse_csv(text.encode(), "x.csv")
        return
    read = parse_csv(text.encode(), "x.csv")
    pd.testing.assert_frame_equal(read, strict, check_column_type=False)
