"""One list of checks for every destination, wherever it puts predictions."""

import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError
from sqlalchemy import NullPool, create_engine, text

import tasks.destinations
from schemas.destination import Destination
from schemas.errors import DriftloopError
from schemas.period import Hour, plain, shift
from tasks.destinations.to_file import ToFile
from tasks.destinations.to_table import ToTable
from tasks.store.s3.objects import _client_of
from tests.building.postgres import PASSWORD
from tests.building.s3_server import S3Server
from tests.contracts.found import find_kinds

NIGHT, OTHER = date(2026, 3, 1), date(2026, 3, 2)
PLACES = ("parquet", "csv", "bucket", "sqlite", "postgres")
DDL = (
    "CREATE TABLE {table} (as_of date, row_key text, prediction double precision, "
    "model_version text, PRIMARY KEY (as_of, row_key))"
)


@dataclass(frozen=True)
class Place:
    """A destination, how a consumer reads a night of it, and how it is put out of order."""

    to: Destination
    read: Callable[[date], pd.DataFrame]
    breaks: Callable[[], None]


def rows_of(night: date, *predictions: float) -> pd.DataFrame:
    keys = [f"a'; DROP TABLE x; --{number}" for number in range(len(predictions))]
    frame = pd.DataFrame({"row_key": pd.Series(keys, dtype="str"), "prediction": predictions})
    frame.insert(0, "as_of", night)
    return frame.assign(model_version="v0123456789abcdef")


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A place of one kind, with nothing in it."""
    monkeypatch.setenv("DRIFTLOOP_DATA", str(tmp_path))
    if request.param == "bucket":
        return _bucket(request.getfixturevalue("moto_server"), monkeypatch)
    if request.param in ("parquet", "csv"):
        return _folder(tmp_path, request.param, monkeypatch)
    sqlite = f"sqlite:///{tmp_path}/x.sqlite"
    url = request.getfixturevalue("postgres") if request.param == "postgres" else sqlite
    monkeypatch.setenv("SALES_DB", url)
    return _table(url)


def _folder(folder: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> Place:
    def read(night: date) -> pd.DataFrame:
        path = folder / "out" / f"{night:%Y}" / f"{night}.{suffix}"
        return pd.read_parquet(path) if suffix == "parquet" else pd.read_csv(path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    to = ToFile(file=f"out/{{as_of:%Y}}/{{as_of}}.{suffix}")
    return Place(to, read, lambda: monkeypatch.setattr("os.fsync", full))


def _bucket(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Place:
    for setting, value in server.environment.items():
        monkeypatch.setenv(setting, value)
    _client_of.cache_clear()
    bucket = server.make_bucket()

    def read(night: date) -> pd.DataFrame:
        body = server.client().get_object(Bucket=bucket, Key=f"out/{night}.parquet")["Body"].read()
        return pd.read_parquet(io.BytesIO(body))

    def refuse(*_: object) -> None:
        raise DriftloopError("the bucket does not answer")

    def breaks() -> None:
        monkeypatch.setattr("tasks.store.s3.objects.write_object", refuse)

    return Place(ToFile(file=f"s3://{bucket}/out/{{as_of}}.parquet"), read, breaks)


def _table(url: str) -> Place:
    name = f"predictions_{secrets.token_hex(6)}"
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(DDL.format(table=name)))

    def read(night: date) -> pd.DataFrame:
        with engine.connect() as connection:
            told = connection.execute(
                text(f"SELECT * FROM {name} WHERE as_of = :night"), {"night": str(night)}
            )
            return pd.DataFrame(told.all(), columns=list(told.keys()))

    def breaks() -> None:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {name} RENAME COLUMN prediction TO score"))

    return Place(ToTable(connection="SALES_DB", table=name), read, breaks)


def predictions(place: Place, night: date) -> list[float]:
    column = "prediction" if "prediction" in (found := place.read(night)) else "score"
    return [float(value) for value in found.sort_values("row_key")[column]]


def test_every_destination_is_checked_here() -> None:
    found = find_kinds(tasks.destinations, Destination)
    assert [kind.__name__ for kind in found] == ["ToFile", "ToTable"]


def test_what_is_put_is_what_a_consumer_reads(place: Place) -> None:
    place.to.put(NIGHT, rows_of(NIGHT, 0.25, 1 / 3))
    found = place.read(NIGHT).sort_values("row_key")
    assert list(found) == ["as_of", "row_key", "prediction", "model_version"]
    assert predictions(place, NIGHT) == [0.25, 1 / 3]
    assert found["row_key"].tolist() == rows_of(NIGHT, 0.25, 1 / 3)["row_key"].tolist()
    assert {str(night) for night in found["as_of"]} == {str(NIGHT)}


def test_twice_is_once_and_a_night_is_replaced_without_the_others(place: Place) -> None:
    place.to.put(OTHER, rows_of(OTHER, 0.5))
    first = place.to.put(NIGHT, rows_of(NIGHT, 0.25, 0.75))
    assert place.to.put(NIGHT, rows_of(NIGHT, 0.25, 0.75)) == first
    assert predictions(place, NIGHT) == [0.25, 0.75]
    place.to.put(NIGHT, rows_of(NIGHT, 0.125))
    assert predictions(place, NIGHT) == [0.125]
    assert predictions(place, OTHER) == [0.5]


def test_a_failure_is_loud_and_leaves_what_was_there(place: Place, tmp_path: Path) -> None:
    place.to.put(NIGHT, rows_of(NIGHT, 0.25))
    place.breaks()
    with pytest.raises(DriftloopError) as failure:
        place.to.put(NIGHT, rows_of(NIGHT, 0.5, 0.75))
    assert PASSWORD not in str(failure.value)
    assert predictions(place, NIGHT) == [0.25]
    assert not list(tmp_path.rglob("*.part"))


def test_it_is_frozen_strict_and_told_without_secret_or_path(place: Place, tmp_path: Path) -> None:
    assert place.to.model_dump(mode="json")["kind"] == type(place.to).__name__
    with pytest.raises(ValidationError, match="Extra inputs"):
        type(place.to).model_validate({**dict(place.to), "surplus": 1})
    told = place.to.told(NIGHT)
    assert str(tmp_path) not in told
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("predictions.parquet", "must name the night"),
        ("{as_of:%Y-%m}.parquet", "must name the night"),
        ("{as_of}.xlsx", r"must end with \.parquet or \.csv"),
        ("{night}.csv", "no other"),
    ],
)
def test_a_file_that_would_lose_a_night_is_refused(file: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ToFile(file=file)


@pytest.mark.parametrize("table", ["", "a b", 'x"; DROP TABLE y', "a.b.c", "1a"])
def test_a_name_that_is_no_table_is_refused(table: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        ToTable(connection="SALES_DB", table=table)


@pytest.mark.parametrize("url", [None, "postgresql+psycopg://reader:x@127.0.0.1:1/none", "x"])
def test_a_database_that_is_away_is_said_without_its_address(
    url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if url:
        monkeypatch.setenv("SALES_DB", url)
    with pytest.raises(DriftloopError, match="SALES_DB") as failure:
        ToTable(connection="SALES_DB", table="predictions").put(NIGHT, rows_of(NIGHT, 0.5))
    assert "reader" not in str(failure.value)


def test_hours_are_put_apart_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTLOOP_DATA", str(tmp_path))
    hour = Hour(2026, 3, 1, 14)
    with pytest.raises(DriftloopError, match="names no hour: each would replace the one before"):
        ToFile(file="{as_of:%Y-%m-%d}.csv").put(hour, rows_of(hour, 0.5))
    url = f"sqlite:///{tmp_path}/x.sqlite"
    monkeypatch.setenv("SALES_DB", url)
    place = _table(url)
    for night in (hour, shift(hour, 1), hour):
        place.to.put(night, rows_of(plain(night), 0.5))
    assert len(place.read(hour)) == 0  # the table has the hour's beginning, not its name
    with create_engine(url, poolclass=NullPool).connect() as connection:
        query = f"SELECT as_of FROM {place.to.table}"  # type: ignore[attr-defined]  # of a table
        held = [row[0][:19] for row in connection.execute(text(query)).all()]
    assert sorted(held) == ["2026-03-01 14:00:00", "2026-03-01 15:00:00"]
