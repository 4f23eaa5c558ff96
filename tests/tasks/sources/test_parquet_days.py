"""Nights cut out of one Parquet file."""

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from schemas.errors import DataUnreadable
from tasks.sources.parquet_days import ParquetDays

NIGHT = date(2012, 11, 4)


def _write(folder: Path, frame: pd.DataFrame) -> ParquetDays:
    path = folder / "hours.parquet"
    frame.to_parquet(path)
    return ParquetDays(
        file=str(path), zone="America/New_York", target="cnt", afterwards=("casual",)
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
    source = ParquetDays(file="hours.parquet", zone="UTC", target="cnt")
    monkeypatch.setenv("DRIFTLOOP_DATA", str(tmp_path))
    assert "data not here" in (source.missing_hint() or "")
    _write(tmp_path, _hours())
    assert source.missing_hint() is None
    assert source.nights() == (date(2012, 11, 3), NIGHT)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (_hours().drop(columns="cnt"), "no column 'cnt'"),
        (_hours().drop(columns="event_time"), "needs a column 'event_time'"),
        (_hours().astype({"event_time": "str"}), "needs a column 'event_time'"),
        (
            _hours().assign(event_time=lambda f: f.event_time.dt.tz_localize("UTC")),
            "without a zone",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, frame: pd.DataFrame, why: str) -> None:
    with pytest.raises(DataUnreadable, match=why):
        _write(tmp_path, frame).read(NIGHT)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="no IANA time zone"):
        ParquetDays(file="x", zone="Mars/Olympus", target="y")
