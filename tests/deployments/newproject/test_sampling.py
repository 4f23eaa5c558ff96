"""What is read of files and databases to guess from."""

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deployments.newproject.sampling import FromFiles, FromQuery, take_sample, thin
from schemas.errors import DataUnavailable, DataUnreadable, InvalidName
from tasks.store.s3.objects import _client_of
from tests.building.s3_server import S3Server
from tests.building.sales import build_sales

SALES = build_sales(nights=3, rows=5)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTLOOP_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()


def test_a_name_counts_from_the_working_directory_then_from_the_data_folder(tmp_path: Path) -> None:
    SALES.to_csv(tmp_path / "data" / "sales.csv", index=False)
    assert take_sample("sales.csv", None).origin == FromFiles("sales.csv")
    SALES.head(2).to_csv(tmp_path / "sales.csv", index=False)
    sample = take_sample("sales.csv", None)
    assert sample.origin == FromFiles(str(tmp_path / "sales.csv"))
    assert len(sample.frame) == 2


@pytest.mark.parametrize("name", ["sales.csv", "sales.jsonl", "sales.parquet", "sales.xlsx"])
def test_every_format_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "sales.jsonl":
        SALES.to_json(path, orient="records", lines=True)
    else:
        {"csv": SALES.to_csv, "parquet": SALES.to_parquet, "xlsx": SALES.to_excel}[
            name.partition(".")[2]
        ](path, index=False)  # type: ignore[operator]
    assert list(take_sample(name, None).frame.columns) == list(SALES.columns)


def test_separator_and_encoding_of_a_csv_file_are_found(tmp_path: Path) -> None:
    text = SALES.assign(shop="Köln").to_csv(index=False, sep=";")
    (tmp_path / "sales.csv").write_bytes(text.encode("cp1252"))
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(text.encode()))
    sample = take_sample("sales.csv", None)
    assert sample.origin == FromFiles(str(tmp_path / "sales.csv"), ";", "cp1252")
    assert sample.frame["shop"].unique().tolist() == ["Köln"]
    assert take_sample("packed.csv.gz", None).origin == FromFiles(
        str(tmp_path / "packed.csv.gz"), ";"
    )


def test_a_template_reads_the_newest_files_and_tells_every_night(tmp_path: Path) -> None:
    for day in range(1, 32):
        SALES.to_csv(tmp_path / "data" / f"2026-03-{day:02}.csv", index=False)
    sample = take_sample("{as_of}.csv", None)
    assert sample.nights is not None
    assert sample.nights[-1] == date(2026, 3, 31)
    assert len(sample.nights) == 31
    assert not sample.origin.divides("day")
    assert take_sample("{as_of:%Y-%m}-01.csv", None).origin.divides("day")


@pytest.mark.parametrize(
    ("source", "said"),
    [("x.csv", "no file"), ("x.txt", "no format"), ("{x}.csv", "no other {"), ("", "no format")],
)
def test_a_source_that_is_none_is_refused(source: str, said: str) -> None:
    with pytest.raises(InvalidName, match=said):
        take_sample(source, None)


def test_a_damaged_file_is_refused_in_its_parsers_words(tmp_path: Path) -> None:
    (tmp_path / "sales.csv.gz").write_bytes(b"\x1f\x8bno")
    with pytest.raises(DataUnreadable, match="gzip"):
        take_sample("sales.csv.gz", None)


def test_a_query_is_taken_as_given_and_bounds_are_left_to_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/x.sqlite"
    monkeypatch.setenv("SALES_DB", url)
    SALES.to_sql("sales", url, index=False)
    sample = take_sample("SELECT * FROM sales ; ", "SALES_DB")
    assert sample.origin == FromQuery("SALES_DB", "SELECT * FROM sales")
    assert len(sample.frame) == len(SALES)
    with pytest.raises(InvalidName, match="of all nights"):
        take_sample("SELECT * FROM sales WHERE sold_at < :next", "SALES_DB")
    with pytest.raises(DataUnreadable, match="no such table"):
        take_sample("SELECT * FROM none_such", "SALES_DB")
    with pytest.raises(DataUnavailable, match="OTHER_DB is not set"):
        take_sample("SELECT 1", "OTHER_DB")


def test_files_of_a_bucket_are_read_where_they_lie(
    moto_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting, value in moto_server.environment.items():
        monkeypatch.setenv(setting, value)
    _client_of.cache_clear()
    bucket = moto_server.make_bucket()
    for night, rows in SALES.groupby(SALES["sold_at"].str[:10]):
        body = rows.to_csv(index=False).encode()
        moto_server.client().put_object(Bucket=bucket, Key=f"{night}.csv", Body=body)
    sample = take_sample(f"s3://{bucket}/{{as_of}}.csv", None)
    assert sample.origin == FromFiles(f"s3://{bucket}/{{as_of}}.csv")
    assert len(sample.frame) == len(SALES)
    with pytest.raises(InvalidName, match="no file s3://"):
        take_sample(f"s3://{bucket}/none.csv", None)


def test_of_many_rows_whole_nights_are_looked_at_the_newest_and_others_between() -> None:
    nights = np.repeat(pd.date_range("2020-01-01", periods=1_000).date, 10)
    rows = thin(nights, 1_000)
    chosen = pd.Series(nights[rows]).value_counts()
    assert 900 <= rows.sum() <= 1_000
    assert set(chosen) == {10}
    assert set(nights[-500:]) <= set(chosen.index)
    assert chosen.index.min() == nights[0]
    assert thin(nights, 10_000).all()
    lost = nights.astype(object)
    lost[::100] = pd.NaT
    assert not pd.isna(lost[thin(lost, 1_000)]).any()
    assert thin(np.repeat(nights[:1], 5_000), 1_000).sum() == 1_000
