"""Files as nights: cut out of one that holds many, or one a night with labels beside."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from schemas.errors import DataUnreadable
from schemas.period import Hour, Week, shift
from tasks.sources.files import Files

NIGHT = date(2012, 11, 4)


def _write(folder: Path, frame: pd.DataFrame) -> Files:
    path = folder / "hours.parquet"
    frame.to_parquet(path)
    return _hourly(str(path))


def _hourly(file: str) -> Files:
    return Files(
        file=file,
        time="event_time",
        zone="America/New_York",
        key=("event_time",),
        target="cnt",
        afterwards=("casual",),
    )


def _hours(start: str = "2012-11-03 22:00", rows: int = 6) -> pd.DataFrame:
    times = pd.date_range(start, periods=rows, freq="h")
    return pd.DataFrame({"event_time": times, "temp": 0.5, "casual": 1, "cnt": range(rows)})


def test_a_night_is_its_local_date_and_holds_nothing_known_afterwards(tmp_path: Path) -> None:
    raw = _write(tmp_path, _hours()).read(NIGHT)
    assert raw is not None
    assert raw.frame["row_key"].tolist()[:2] == ["2012-11-04T00:00:00", "2012-11-04T01:00:00"]
    assert [str(t) for t in raw.frame["event_time"]][1:3] == [
        "2012-11-04 05:00:00+00:00",  # 1 o'clock comes twice; the first counts
        "2012-11-04 07:00:00+00:00",
    ]
    assert list(raw.frame.columns) == ["event_time", "temp", "row_key"]


def test_labels_lie_in_the_same_rows(tmp_path: Path) -> None:
    raw = _write(tmp_path, _hours()).read_labels(NIGHT)
    assert raw is not None
    assert raw.frame["cnt"].tolist() == [2, 3, 4, 5]
    assert list(raw.frame.columns) == ["row_key", "cnt"]


def test_a_file_rewritten_in_the_same_process_is_read_again(tmp_path: Path) -> None:
    source = _write(tmp_path, _hours())
    before = source.fingerprint(NIGHT)
    _write(tmp_path, _hours(rows=30))
    os.utime(tmp_path / "hours.parquet", ns=(1, 1))
    assert source.nights() == (date(2012, 11, 3), NIGHT, date(2012, 11, 5))
    assert source.fingerprint(NIGHT) != before


def test_the_data_folder_is_that_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Files(
        file="hours.parquet", time="event_time", zone="UTC", key=("event_time",), target="cnt"
    )
    monkeypatch.setenv("DRIFTLOOP_DATA", str(tmp_path))
    assert "data not here" in (source.missing_hint() or "")
    _write(tmp_path, _hours())
    assert source.missing_hint() is None
    assert source.nights() == (date(2012, 11, 3), NIGHT)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (_hours().drop(columns="event_time"), "no column 'event_time', only 'temp'"),
        (_hours().assign(event_time=7), "6 of 6 rows have no readable time .* first in row 1: '7'"),
        (
            _hours().astype({"event_time": "str"}).replace("2012-11-04 01:00:00", "soon"),
            "1 of 6 rows have no readable time .* first in row 4: 'soon'",
        ),
    ],
)
def test_a_row_that_would_be_no_nights_is_refused_with_its_file(
    tmp_path: Path, frame: pd.DataFrame, why: str
) -> None:
    with pytest.raises(DataUnreadable, match=rf"hours\.parquet: {why}"):
        _write(tmp_path, frame).read(NIGHT)


def test_a_row_in_the_file_of_another_month_is_refused(tmp_path: Path) -> None:
    _hours("2012-10-31 20:00").to_parquet(tmp_path / "2012-10.parquet")
    source = _hourly(f"{tmp_path}/{{as_of:%Y-%m}}.parquet")
    with pytest.raises(
        DataUnreadable, match=r"2 rows are of 2012-11-01, a night of .*2012-11\.par"
    ):
        source.read(date(2012, 10, 31))


@pytest.mark.parametrize("file", ["rows/{as_of}.csv", "rows.csv"])
def test_a_name_that_counts_from_the_data_folder_is_the_same_in_every_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.setenv("DRIFTLOOP_DATA", str(tmp_path))
    (tmp_path / "rows").mkdir()
    (tmp_path / file.format(as_of=NIGHT)).write_text("id,time,cnt\n1,2012-11-04 08:00,7\n")
    source = Files(file=file, time="time", zone="UTC", key=("id",), target="cnt")
    rows, labels = source.read(NIGHT), source.read_labels(NIGHT)
    assert rows is not None
    assert labels is not None
    assert rows.files == labels.files == source.fingerprint(NIGHT)
    assert rows.files[0].name == file.format(as_of=NIGHT)


def test_labels_may_have_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "2012-11-04.csv").write_text("id;time;\xe9\n1;2012-11-04 08:00;a\n", "latin-1")
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "2012-11-04.csv").write_text("id;cnt\n1;7\n")
    source = Files(
        file=f"{tmp_path}/{{as_of}}.csv",
        labels=f"{tmp_path}/labels/{{as_of}}.csv",
        time="time",
        key=("id",),
        target="cnt",
        separator=";",
        encoding="latin-1",
    )
    rows, labels = source.read(NIGHT), source.read_labels(NIGHT)
    assert rows is not None
    assert labels is not None
    assert rows.frame.to_dict("records") == [{"id": "1", "time": "2012-11-04 08:00", "\xe9": "a"}]
    assert labels.frame.to_dict("records") == [{"id": "1", "cnt": "7"}]
    assert source.fingerprint(NIGHT) == rows.files != labels.files


def test_a_key_of_several_columns_is_null_where_one_is(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("shop,event_time\na,2012-11-04\n,2012-11-04\n")
    source = Files(
        file=f"{tmp_path}/x.csv",
        time="event_time",
        zone="UTC",
        key=("shop", "event_time"),
        target="y",
    )
    raw = source.read(NIGHT)
    assert raw is not None
    assert raw.frame["row_key"].tolist()[0] == "a|2012-11-04"
    assert raw.frame["row_key"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"zone": "Mars/Olympus"}, "no IANA time zone"),
        ({"zone": None}, "zone must say where each begins"),
        ({"file": "x.doc"}, "must end with one of"),
        ({"file": "{night}.csv"}, "write {as_of}"),
        ({"key": ()}, "at least 1 item"),
        ({"encoding": "klingon"}, "no encoding that Python knows"),
    ],
)
def test_a_declaration_that_cannot_be_meant_is_refused(fields: dict[str, Any], why: str) -> None:
    sound = {"file": "x.csv", "time": "t", "zone": "UTC", "key": ("id",), "target": "y"}
    Files.model_validate(sound)
    with pytest.raises(ValidationError, match=why):
        Files.model_validate(sound | fields)


def test_nights_of_more_files_than_are_kept_are_told_without_reading_them_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in range(1, 10):
        hours = _hours(f"2012-{month:02d}-11 03:00")
        hours.to_csv(tmp_path / f"2012-{month:02d}.csv", index=False)
    source = _hourly(f"{tmp_path}/{{as_of:%Y-%m}}.csv")
    nights = source.nights()
    read: list[str] = []

    def read_bytes(address: str) -> bytes | None:
        read.append(address)
        return Path(address).read_bytes()

    monkeypatch.setattr("tasks.sources.dividing.read_address", read_bytes)
    assert source.nights() == nights
    assert all(source.fingerprint(night) for night in nights)
    assert (len(nights), read) == (9, [])
    raw = source.read(nights[0])
    assert raw is not None
    assert raw.files == source.fingerprint(nights[0])


def test_one_file_of_labels_for_all_nights_gives_each_night_its_own(tmp_path: Path) -> None:
    rows = pd.DataFrame({"sale": range(4), "event_time": ["2012-11-03T12:00", NIGHT] * 2})
    rows.to_csv(tmp_path / "rows.csv", index=False)
    labels = pd.DataFrame({"sale": [3, 2, 1, 9], "cnt": [30, 20, 10, 90]})
    labels.to_csv(tmp_path / "labels.csv", index=False)
    source = Files(
        file=f"{tmp_path}/rows.csv",
        labels=f"{tmp_path}/labels.csv",
        time="event_time",
        zone="UTC",
        key=("sale",),
        target="cnt",
    )
    raw = source.read_labels(NIGHT)
    assert raw is not None
    assert raw.frame["sale"].tolist() == ["3", "1"]
    assert [file.name for file in raw.files] == ["labels.csv"]
    assert source.read_labels(date(2012, 12, 1)) is None


@pytest.mark.parametrize("separator", ["§", '"', "\n", "", ";;"], ids=ascii)
def test_a_separator_that_cannot_be_one_is_refused(separator: str) -> None:
    with pytest.raises(ValidationError, match=r"separator"):
        Files(file="x.csv", time="t", zone="UTC", key=("t",), target="y", separator=separator)


def test_one_file_is_divided_into_weeks_or_hours(tmp_path: Path) -> None:
    source = _write(tmp_path, _hours(rows=30))
    week, hour = Week(2012, 10, 29), Hour(2012, 11, 4, 7)
    read = {night: source.read(night) for night in (week, shift(week, 1), hour, shift(hour, 99))}
    sizes = [None if raw is None else len(raw.frame) for raw in read.values()]
    assert sizes == [26, 4, 1, None]  # the second day's midnight begins the next week
    assert source.fingerprint(hour) == source.fingerprint(week) != ()
    assert source.fingerprint(shift(hour, 99)) == ()


def test_hours_lie_in_the_file_of_their_local_day(tmp_path: Path) -> None:
    rows = "id,time,cnt\n1,2012-11-04 00:30,7\n2,2012-11-04 23:59,8\n"
    (tmp_path / "2012-11-04.csv").write_text(rows)
    fields: dict[str, Any] = {"time": "time", "key": ("id",), "target": "cnt"}
    source = Files(file=f"{tmp_path}/{{as_of:%Y-%m-%d}}.csv", zone="Europe/Berlin", **fields)
    first, last = source.read(Hour(2012, 11, 3, 23)), source.read(Hour(2012, 11, 4, 22))
    assert first is not None
    assert last is not None
    assert (first.frame["id"].tolist(), last.frame["id"].tolist()) == (["1"], ["2"])
    assert source.read(Hour(2012, 11, 4, 23)) is None
    with pytest.raises(DataUnreadable, match="holds many hours: declare zone="):
        source.model_copy(update={"zone": None}).read(Hour(2012, 11, 4, 22))
