"""What every source promises, checked on each that the tree holds."""

import secrets
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from pydantic import ValidationError

import tasks.sources
from schemas.errors import DataUnreadable
from schemas.source import Raw, Source
from tasks.core.local_time import read_times
from tasks.sources import large
from tasks.sources.files import Files
from tasks.sources.flights import ZONE
from tasks.store.s3.objects import _client_of
from tests.building.s3_server import S3Server
from tests.contracts.delivered import CASES, IN_BUCKETS, Make, database, files, flights, joined
from tests.contracts.found import find_kinds
from tests.contracts.test_store import SERVERS

EVERYWHERE = pytest.mark.parametrize("maker", [*CASES, *IN_BUCKETS], indirect=True)


@pytest.fixture(params=CASES)
def maker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Make:
    """How to make a source of one kind over data in one place."""
    name, place = request.param
    if name == "flights":
        return flights
    if name == "Joined":
        return joined
    if name == "Sql":
        sqlite = f"sqlite:///{request.getfixturevalue('tmp_path')}/x.sqlite"
        url = request.getfixturevalue(place) if place == "postgres" else sqlite
        table = f"rows_{secrets.token_hex(6)}"

        def make(folder: Path) -> Source:
            if folder.is_dir():
                monkeypatch.setenv("TESTS_DATABASE", url)
            return database(folder, url, table)

        return make
    if place == "folder":
        return lambda folder: files(folder, name)
    server: S3Server = request.getfixturevalue(SERVERS[place])
    for setting, value in server.environment.items():
        monkeypatch.setenv(setting, value)
    _client_of.cache_clear()
    bucket = server.make_bucket()
    return lambda folder: files(folder, name, bucket, server)


@pytest.fixture
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the data lies before it is delivered."""
    if request.node.callspec.params["maker"][0] == "flights":
        zone: Path = request.getfixturevalue("own_zone")
        return zone
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


@pytest.fixture
def source(maker: Make, data: Path) -> Source:
    """A source with a few nights of data."""
    return maker(data)


def _read(source: Source, night: date) -> Raw:
    raw = source.read(night)
    assert raw is not None
    return raw


def test_every_source_is_checked_here() -> None:
    assert [kind.__name__ for kind in find_kinds(tasks.sources, Source)] == [
        "Files",
        "Timetable",
        "Joined",
        "Sql",
    ]


def test_it_is_frozen_strict_and_dumps_its_kind(source: Source) -> None:
    assert source.model_dump(mode="json")["kind"] == type(source).__name__
    fields = dict(source)
    assert type(source).model_validate(fields) == source
    with pytest.raises(ValidationError, match="frozen"):
        setattr(source, next(iter(fields)), None)
    with pytest.raises(ValidationError, match="Extra inputs"):
        type(source).model_validate({**fields, "surplus": 1})


@EVERYWHERE
def test_nights_are_in_order_and_each_is_read(source: Source) -> None:
    nights = source.nights()
    assert list(nights) == sorted(set(nights))
    assert all(len(_read(source, night).frame) for night in nights)


def test_rows_have_a_key_and_an_instant_of_their_night(source: Source) -> None:
    for night in source.nights():
        frame = _read(source, night).frame
        assert frame["row_key"].is_unique
        assert frame["row_key"].notna().all()
        times = read_times(frame["event_time"], ZONE)
        assert set(times.dt.tz_convert(ZoneInfo(ZONE)).dt.date) == {night}


def test_labels_belong_to_rows_that_do_not_hold_them(source: Source) -> None:
    night = source.nights()[0]
    labels = source.read_labels(night)
    assert labels is not None
    assert list(labels.frame.columns) == ["row_key", "late"]
    frame = _read(source, night).frame
    assert set(labels.frame["row_key"]) == set(frame["row_key"])
    assert "late" not in frame


def test_reading_again_gives_the_same(source: Source) -> None:
    night = source.nights()[0]
    pd.testing.assert_frame_equal(_read(source, night).frame, _read(source, night).frame)


@EVERYWHERE
def test_a_large_night_is_read_in_parts_and_is_the_same(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = source.nights()[0]
    whole, labels = _read(source, night), source.read_labels(night)
    monkeypatch.setattr(large, "CELLS", -1)
    monkeypatch.setattr(large, "ROWS", 3)
    is_parted = isinstance(source, Files) and source.file.endswith("{as_of}.parquet")
    with source.open_large(night) as parted:
        assert (parted is not None) == is_parted
        if parted:
            parts = list(parted.read())
            assert (parted.rows, parted.files) == (len(whole.frame), whole.files)
            assert len(parts) == -(-len(whole.frame) // 3)
            pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole.frame)
    again = source.read_labels(night)
    assert labels is not None
    assert again is not None
    pd.testing.assert_frame_equal(again.frame, labels.frame)
    assert again.files == labels.files


def test_a_caller_may_change_what_it_was_given(source: Source) -> None:
    night = source.nights()[0]
    before = _read(source, night).frame
    changed = _read(source, night).frame
    changed.iloc[:, :] = changed.iloc[::-1].to_numpy()
    pd.testing.assert_frame_equal(_read(source, night).frame, before)


@EVERYWHERE
def test_the_fingerprint_names_the_files_that_are_read(source: Source) -> None:
    for night in source.nights():
        files = _read(source, night).files
        assert source.fingerprint(night) == files
        assert all(len(file.sha256) == 64 and file.bytes > 0 for file in files)
        assert not any(Path(file.name).is_absolute() for file in files)
        assert set(source.own_files(night)) <= set(files)


@EVERYWHERE
def test_a_night_not_delivered_is_none(source: Source) -> None:
    night = source.nights()[-1] + timedelta(days=400)
    assert source.read(night) is None
    assert source.read_labels(night) is None
    assert source.fingerprint(night) == ()
    assert source.announcements(night) == ()


@EVERYWHERE
def test_data_that_is_not_here_is_said(maker: Make, tmp_path: Path) -> None:
    source = maker(tmp_path / "absent")
    assert "data not here" in (source.missing_hint() or "")
    assert source.nights() == ()
    assert source.read(date(2013, 1, 1)) is None


def test_what_it_names_is_there(source: Source) -> None:
    assert [source.misnamed(night) for night in source.nights()] == [()] * len(source.nights())


def test_data_that_is_here_has_no_hint(source: Source) -> None:
    assert source.missing_hint() is None


@EVERYWHERE
def test_a_file_of_noise_is_unreadable(source: Source, maker: Make, data: Path) -> None:
    night = source.nights()[0]
    for path in [path for path in data.rglob("*") if path.is_file()]:
        path.write_bytes(b"\x1f\x8b\xff\x00" * 50)
    with pytest.raises(DataUnreadable, match=r"delivered again|correct the query"):
        maker(data).read(night)
