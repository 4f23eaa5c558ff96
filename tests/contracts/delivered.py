"""Sources of every kind, over data in every format, in a folder or a bucket."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import NullPool, create_engine

from schemas.source import Source
from tasks.sources.files import Files
from tasks.sources.flights import ZONE, flights_landing
from tasks.sources.joined import Join, JoinAsOf, Joined
from tasks.sources.side_files import SideFile
from tasks.sources.sql import Sql
from tests.building.s3_server import S3Server

Make = Callable[[Path], Source]
"""Over a folder: all have the label `late` in this zone, and rows from 9 to 12 March 2013."""

A_NIGHT = {
    suffix: f"{suffix[1:].replace('.', '-')}/{{as_of}}{suffix}"
    for suffix in (".csv", ".csv.gz", ".tsv", ".jsonl", ".jsonl.gz", ".parquet", ".xlsx")
}
MANY_NIGHTS = {
    "one csv": "days.csv",
    "one parquet": "days.parquet",
    "a parquet a month": "{as_of:%Y-%m}/days.parquet",
    "a workbook a year": "days-{as_of:%Y}.xlsx",
}
TEMPLATES = {**A_NIGHT, **MANY_NIGHTS}


def flights(folder: Path) -> Source:
    """The demo's source."""
    return flights_landing(folder=folder)


def files(
    folder: Path, name: str, bucket: str | None = None, server: S3Server | None = None
) -> Source:
    """A shipped source over files of this kind, written once, and put into the bucket if named."""
    template = TEMPLATES[name]
    if folder.is_dir():
        _write(folder, template)
    if bucket and server:
        client = server.client()
        for path in (p for p in folder.rglob("*") if p.is_file()):
            client.upload_file(str(path), bucket, str(path.relative_to(folder)))
    where = f"s3://{bucket}" if bucket else str(folder)
    return Files(
        file=f"{where}/{template}",
        time="event_time",
        zone=ZONE,
        key=("shop", "event_time"),
        target="late",
    )


def joined(folder: Path) -> Source:
    """Rows in CSV with a table of shops in Parquet, and what the till said before in JSON lines."""
    if folder.is_dir():
        pd.DataFrame({"shop": ["a", "b"], "size": [9, 4]}).to_parquet(folder / "shops.parquet")
        frame = _frame()
        till = frame[["event_time"]].assign(open=1)[::3]
        for night, rows in till.groupby(frame["event_time"].dt.date):
            (folder / f"till-{night}.jsonl").write_text(
                rows.to_json(orient="records", lines=True, date_format="iso", date_unit="s")
            )
    return Joined(
        rows=files(folder, ".csv"),
        joins=(
            Join(
                name="shops",
                table=SideFile(file=f"{folder}/shops.parquet"),
                on=("shop",),
                columns=("size",),
                least_matched=1,
            ),
            JoinAsOf(
                name="till",
                table=SideFile(file=f"{folder}/till-{{as_of}}.jsonl"),
                time="event_time",
                known_at="event_time",
                zone=ZONE,
                columns=("open",),
                nights_before=1,
            ),
        ),
    )


def _frame() -> pd.DataFrame:
    times = pd.date_range("2013-03-09", periods=96, freq="h")
    return pd.DataFrame({"event_time": times, "shop": "a", "temp": 0.5, "late": 1})


def _write(folder: Path, template: str) -> None:
    frame = _frame()
    for night, rows in frame.groupby(frame["event_time"].dt.date):
        whole = rows if "{as_of}" in template else frame
        path = folder / template.format(as_of=night)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(_as_file(whole, path.name))


def _as_file(frame: pd.DataFrame, name: str) -> bytes:
    plain = name.removesuffix(".gz")
    if plain.endswith(".parquet"):
        return frame.to_parquet()
    if plain.endswith(".xlsx"):
        written = io.BytesIO()
        frame.to_excel(written, index=False)
        return written.getvalue()
    if plain.endswith(".jsonl"):
        text = frame.to_json(orient="records", lines=True, date_format="iso", date_unit="s")
        text = text.replace('Z"', '"')
    else:
        text = frame.to_csv(index=False, sep="\t" if plain.endswith(".tsv") else ",")
    return gzip.compress(text.encode(), mtime=0) if name.endswith(".gz") else text.encode()


def database(folder: Path, url: str, table: str) -> Source:
    """A shipped source over a table, filled if the folder is there, spoiled if that holds files."""
    if folder.is_dir():
        noise = any(folder.iterdir())
        (folder / "delivered").touch()
        with create_engine(url, poolclass=NullPool).begin() as connection:
            frame = _frame().drop(columns="event_time") if noise else _frame()
            frame.to_sql(table, connection, if_exists="replace", index=False)
    night = "event_time >= :as_of AND event_time < :next"
    return Sql(
        connection="TESTS_DATABASE",
        query=f"SELECT * FROM {table} WHERE {night}",
        dates=f"SELECT DISTINCT date(event_time) FROM {table}",
        time="event_time",
        key=("shop", "event_time"),
        target="late",
    )


CASES: list[object] = [
    pytest.param(("flights", "folder"), id="flights"),
    pytest.param(("Joined", "folder"), id="Joined"),
    *(pytest.param(("Sql", place), id=f"Sql {place}") for place in ("sqlite", "postgres")),
    *(pytest.param((name, "folder"), id=f"Files {name} folder") for name in TEMPLATES),
]
IN_BUCKETS: list[object] = [
    pytest.param((name, "ceph"), id=f"Files {name} ceph") for name in TEMPLATES
]
"""For what depends on the place: a format is read from the same bytes everywhere."""
