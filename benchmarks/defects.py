"""The natural defects of real feeds, counted in their files and in what driftloop made of them.

    python -m benchmarks.defects [metro] [beijing]

Every night of each project goes through `ingest_batch` and `ingest_labels` into a store of its own
(minutes); the file is counted by pandas alone. Exits 1 where the two differ.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.progress import track
from rich.table import Table

from flows.find import find_project
from schemas.batch import Batch
from schemas.labels import Labels
from schemas.project import Project
from schemas.settings import current_settings
from tasks.engine.ingest import ingest_batch
from tasks.engine.labels import ingest_labels
from tasks.engine.records import newest_by_night
from tasks.store import Store, open_store

Row = tuple[str, int, int, str]
"""Defect, rows in the file, rows caught, where a person sees it."""


def main(names: list[str]) -> int:
    """Print a table a project; 1 when a number differs."""
    differs = 0
    for name in names or ["metro", "beijing"]:
        project = find_project(name)
        with tempfile.TemporaryDirectory(prefix="driftloop-defects-") as folder:
            store = ingest_all(project, Path(folder))
            rows = list({"metro": _metro, "beijing": _beijing}[name](store, project))
        table = Table("defect", "in the file", "caught", "seen as", title=name)
        for defect, there, caught, where in rows:
            table.add_row(defect, f"{there:,}", f"{caught:,}", where)
            differs += there != caught
        Console().print(table)
    return min(differs, 1)


def ingest_all(project: Project, folder: Path, most: int | None = None) -> Store:
    """Every night of the project's data, or the first ones, and its labels, in a new store."""
    store = open_store((folder / "store").as_uri(), folder / "cache")
    nights = project.source.nights()[:most]
    for night in track(nights, project.name, console=Console(stderr=True)):
        ingest_batch(store, project, night)
    last = nights[-1] + timedelta(days=project.label_delay)
    ingest_labels(store, project, last, oldest=nights[0])
    return store


def _batches(store: Store, project: Project) -> list[Batch]:
    return [batch for _, batch in newest_by_night(store, Batch, project.name).values()]


def _metro(store: Store, project: Project) -> Iterator[Row]:
    frame = pd.read_parquet(current_settings().data / "metro_traffic.parquet")
    first = frame[~frame["event_time"].duplicated()]
    batches = _batches(store, project)
    did = Counter[str]()
    for batch in batches:
        for step in batch.cleaning:
            did[step.step.split("(")[0]] += step.changed + step.dropped
    yield "temperature of 0 K", int((frame["temp"] == 0).sum()), did["NullSentinels"], "cleaning"
    words = frame["weather_description"]
    is_mixed = words != words.str.lower()
    yield "words in mixed case", int(is_mixed.sum()), did["NormaliseWords"], "cleaning"
    repeated = int(frame["event_time"].duplicated().sum())
    yield "repeated hours", repeated, did["KeepOne"], "cleaning"
    broken = Counter(
        {f.check: f.rows for b in batches for f in b.failures if f.column == "rain_1h"}
    )
    is_wet = first["rain_1h"] > 305
    wet = int(is_wet.sum())
    yield "9,831 mm of rain", wet, broken["less_than_or_equal_to(305)"], "quarantine"
    unnamed = int(first.loc[~is_wet, "holiday"].isna().sum())
    yield "no holiday named", unnamed, _nulls(batches, "holiday"), "profile"
    days = pd.Series(pd.to_datetime(sorted(frame["event_time"].dt.date.unique())))
    hole = int(days.diff().dt.days.max())
    nights = pd.Series(pd.to_datetime([batch.as_of for batch in batches]))
    yield "days of the longest hole", hole, int(nights.diff().dt.days.max()), "no data"
    read = sum(batch.counts.read for batch in batches)
    yield "rows in all", len(frame), read, "read"
    kept = sum(batch.counts.kept for batch in batches)
    yield "of these hours that are sound", len(first) - wet, kept, "kept"


def _beijing(store: Store, project: Project) -> Iterator[Row]:
    frame = pd.read_parquet(current_settings().data / "beijing_air.parquet")
    batches = _batches(store, project)
    for column in frame.columns.drop(["event_time", "station", "pm25"]):
        nulls = int(frame[column].isna().sum())
        yield f"{column} null", nulls, _nulls(batches, column), "profile"
    labels = [found for _, found in newest_by_night(store, Labels, project.name).values()]
    unlabelled = sum(one.invalid for one in labels)
    yield "pm25 null", int(frame["pm25"].isna().sum()), unlabelled, "labels"
    kept = sum(batch.counts.kept for batch in batches)
    yield "rows in all", len(frame), kept, "kept"


def _nulls(batches: list[Batch], column: str) -> int:
    return sum(one.nulls for batch in batches for one in batch.profile if one.column == column)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
