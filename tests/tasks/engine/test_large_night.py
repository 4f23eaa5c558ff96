"""A night read in parts comes to the very record that it comes to when it is held as a whole."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import tasks.engine.frames
import tasks.engine.large_night
import tasks.sources.large
from schemas.batch import Batch, Failure
from schemas.cleaning import CleaningStep
from schemas.errors import DataUnreadable
from schemas.project import Project
from tasks.cleaning.clip import Clip
from tasks.cleaning.drop_outside import DropOutside
from tasks.engine.frames import FrameWriter, load_frame
from tasks.engine.ingest import ingest_batch
from tasks.sources.files import Files
from tasks.store import Store, open_store
from tests.building.project import build_project
from tests.building.rows import build_orders, day

NIGHT = day(1)
ROWS = 100


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    return rows


def _broken(rows: pd.DataFrame) -> pd.DataFrame:
    rows.loc[[3, 50, 98], "hour"] = [99.0, -1.0, 77.0]
    rows.loc[[4, 51], "wait"] = -1.0
    rows["noted"] = pd.array([1, 2, *[None] * (ROWS - 2)], dtype="Int64").to_numpy(object)
    return rows.assign(noted=pd.to_numeric(rows["noted"]))


def _repeated(rows: pd.DataFrame) -> pd.DataFrame:
    torn = rows.iloc[[20, 97]].assign(amount=7.0)
    broken_twice = rows.iloc[[30]].assign(hour=99.0)
    rows.loc[30, "hour"] = 99.0
    return pd.concat([rows, rows.iloc[[1, 60]], torn, broken_twice, rows.iloc[[1]]])


def _null_keys(rows: pd.DataFrame) -> pd.DataFrame:
    rows.loc[[2, 90], "row_key"] = None
    return rows


def _of_another_night(rows: pd.DataFrame) -> pd.DataFrame:
    rows.loc[[0, 99], "event_time"] = f"{day(2)} 01:00:00+00:00"
    return rows


def _mostly_broken(rows: pd.DataFrame) -> pd.DataFrame:
    rows.loc[5:, "hour"] = 99.0
    flags = pd.Series([True, *[None] * 50, *[False] * 49], dtype=object)
    return rows.assign(flag=flags, counted=pd.Series([1.0, *[None] * 98, 2.0]))


def _without_a_column(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns="wait").rename(columns={"income": "earned"})


def _empty(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.head(0)


def _unreadable_numbers(rows: pd.DataFrame) -> pd.DataFrame:
    words = rows["amount"].astype(str)
    words.iloc[[11, 80]] = "n/a"
    return rows.assign(amount=words)


_CLEANING: tuple[CleaningStep, ...] = (
    DropOutside(column="wait", high=3),
    Clip(column="income", low=45),
)


@pytest.mark.parametrize(
    ("deliver", "cleaning"),
    [
        pytest.param(_plain, (), id="plain"),
        pytest.param(_broken, (), id="broken"),
        pytest.param(_repeated, (), id="repeated keys"),
        pytest.param(_null_keys, (), id="null keys"),
        pytest.param(_of_another_night, (), id="another night"),
        pytest.param(_mostly_broken, (), id="refused"),
        pytest.param(_without_a_column, (), id="column missing"),
        pytest.param(_empty, (), id="empty"),
        pytest.param(_unreadable_numbers, (), id="no numbers"),
        pytest.param(_repeated, _CLEANING, id="cleaned"),
    ],
)
def test_the_record_is_that_of_the_whole(
    deliver: Callable[[pd.DataFrame], pd.DataFrame],
    cleaning: tuple[CleaningStep, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = _deliver(tmp_path, deliver(build_orders(1, rows=ROWS)), cleaning)
    one, whole = _ingest(tmp_path / "whole", project)
    _read_in_parts(monkeypatch)
    other, parts = _ingest(tmp_path / "parts", project)
    assert _told(whole) == _told(parts)
    assert whole.status == parts.status
    for ref in ("rows", "quarantine"):
        mine, its = getattr(whole, ref), getattr(parts, ref)
        assert (mine is None) == (its is None)
        if mine and its:
            pd.testing.assert_frame_equal(load_frame(one, mine), load_frame(other, its))
    if whole.rows:
        assert whole.rows == parts.rows


def test_keys_that_share_a_digest_are_still_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = _deliver(tmp_path, build_orders(1, rows=ROWS))
    _read_in_parts(monkeypatch)
    plain = pd.util.hash_pandas_object
    monkeypatch.setattr(pd.util, "hash_pandas_object", lambda *a, **k: plain(*a, **k) // 2**62)
    _, batch = _ingest(tmp_path / "parts", project)
    assert batch.counts.kept == ROWS


def test_too_many_repeated_keys_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = build_orders(1, rows=ROWS)
    project = _deliver(tmp_path, pd.concat([rows, rows]))
    _read_in_parts(monkeypatch)
    monkeypatch.setattr(tasks.engine.large_night, "_SUSPECTS", 150)
    _, batch = _ingest(tmp_path / "parts", project)
    assert batch.status == "refused"
    assert batch.sentence == (
        f"{NIGHT}.parquet: more than 150 rows have a row_key that another row has too; have each "
        "row delivered once"
    )


def test_a_file_written_anew_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = _deliver(tmp_path, build_orders(1, rows=ROWS))
    _read_in_parts(monkeypatch)
    with project.source.open_large(NIGHT) as large:
        assert large is not None
        parts = large.read()
        next(parts)
        (tmp_path / f"{NIGHT}.parquet").touch()
        with pytest.raises(DataUnreadable, match="written anew while it was read; have the file"):
            list(parts)


def _read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on every Parquet file is a large one, and a part has seven rows."""
    monkeypatch.setattr(tasks.sources.large, "CELLS", -1)
    monkeypatch.setattr(tasks.sources.large, "ROWS", 7)
    monkeypatch.setattr(Files, "read", lambda *_: pytest.fail("the night was read as a whole"))


def _deliver(folder: Path, rows: pd.DataFrame, cleaning: tuple[CleaningStep, ...] = ()) -> Project:
    rows.to_parquet(folder / f"{NIGHT}.parquet", index=False)
    file = f"{folder}/{{as_of}}.parquet"
    source = Files(file=file, time="event_time", key=("row_key",), target="returned")
    policy = {"quarantine_limit": 0.2}
    return build_project(source=source, cleaning=cleaning, policy=policy)


def _ingest(folder: Path, project: Project) -> tuple[Store, Batch]:
    store = open_store((folder / "store").as_uri(), folder / "cache")
    key = ingest_batch(store, project, NIGHT)
    assert key is not None
    assert key == ingest_batch(store, project, NIGHT)
    return store, store.record(key, Batch)


def _told(batch: Batch) -> dict[str, object]:
    """What the record says; failures in any order, and by their first examples."""
    told = batch.model_dump(exclude={"id", "rows", "quarantine", "failures", "cleaning"})
    steps = [step.model_dump(exclude={"examples"}) for step in batch.cleaning]
    return {**told, "failures": sorted(map(_by_rule, batch.failures)), "cleaning": steps}


def _by_rule(failure: Failure) -> tuple[str, str, int, tuple[str, ...]]:
    return failure.column, failure.check, failure.rows, failure.examples


@pytest.mark.parametrize("rows", [0, 15, 16, 17, 100])
def test_a_table_that_comes_in_parts_is_stored_in_row_groups(
    rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.engine.frames, "GROUP", 16)
    frame = build_orders(1, rows=rows)
    with FrameWriter(tmp_path / "rows.parquet") as writer:
        for start in range(0, rows, 7):
            writer.add(frame.iloc[start : start + 7])
    assert writer.rows == rows
    if rows:
        with pq.ParquetFile(tmp_path / "rows.parquet") as file:
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
            assert (max(sizes) <= 16, len(sizes)) == (True, -(-rows // 16))
            pd.testing.assert_frame_equal(file.read().to_pandas(), frame)
