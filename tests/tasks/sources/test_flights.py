"""The flights source: joins, clocks, and deliveries that lack something."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from schemas.datasets.flights import Flights
from schemas.errors import DataUnreadable
from tasks.core.checking import Checked, check_rows
from tasks.sources.flights import AIRCRAFT, WEATHER, flights_landing
from tests.landing import FIRST, LAST, read_gzip, write_gzip

FLIGHTS, WEATHER_FILE = f"flights/{FIRST}.csv.gz", f"weather/{FIRST}.jsonl"
LABELS = f"labels/{FIRST}.csv.gz"


def _read(zone: Path) -> pd.DataFrame:
    raw = flights_landing(folder=zone).read(FIRST)
    assert raw is not None
    return raw.frame


def _check(zone: Path) -> Checked:
    return check_rows(_read(zone), Flights, 0.05)


def _edit(path: Path, change: Callable[[str], str]) -> None:
    write_gzip(path, change(read_gzip(path)))


def test_a_flight_has_the_weather_of_its_hour_and_its_aircraft(landing_zone: Path) -> None:
    flight = _read(landing_zone).set_index("row_key").loc["2013-01-01|UA|1545|EWR|IAH|515"]
    assert str(flight["event_time"]) == "2013-01-01 10:15:00+00:00"
    assert (flight["sched_dep_time"], flight["sched_arr_time"]) == ("315", "499")
    assert flight["temp"] == 39.02  # EWR, 10:00 UTC
    assert (flight["seats"], flight["year_built"]) == (149, 1999)


def test_every_night_passes_its_contract_whole(landing_zone: Path) -> None:
    checked = _check(landing_zone)
    assert (checked.failures, checked.ignored_columns) == ((), ())
    assert checked.counts.kept == checked.counts.read == 842


def test_labels_are_those_of_the_nights_rows(landing_zone: Path) -> None:
    labels = flights_landing(folder=landing_zone).read_labels(FIRST)
    assert labels is not None
    assert set(labels.frame["row_key"]) == set(_read(landing_zone)["row_key"])
    assert set(labels.frame["late"]) == {"0", "1"}


def test_the_newest_night_has_no_labels_yet(landing_zone: Path) -> None:
    assert flights_landing(folder=landing_zone).read_labels(LAST) is None


@pytest.mark.parametrize("data", [b"", gzip.compress(b"", mtime=0), None])
def test_an_empty_file_is_a_night_without_rows(own_zone: Path, data: bytes | None) -> None:
    header = gzip.compress((read_gzip(own_zone / FLIGHTS).splitlines()[0] + "\n").encode())
    (own_zone / FLIGHTS).write_bytes(header if data is None else data)
    checked = _check(own_zone)
    assert (checked.counts.read, checked.failures, checked.refused) == (0, (), None)


def test_how_many_flights_found_their_weather_and_aircraft_is_counted(landing_zone: Path) -> None:
    raw = flights_landing(folder=landing_zone).read(FIRST)
    assert raw is not None
    assert [(m.name, m.rows, m.matched) for m in raw.matches] == [
        ("weather", 842, 803),
        ("aircraft", 842, 696),
    ]


def test_missing_weather_is_null(own_zone: Path) -> None:
    (own_zone / WEATHER_FILE).unlink()
    checked = _check(own_zone)
    assert checked.refused is None
    assert checked.kept[list(WEATHER)].isna().all(axis=None)


def test_a_missing_register_is_null(own_zone: Path) -> None:
    (own_zone / "aircraft.parquet").unlink()
    checked = _check(own_zone)
    assert checked.refused is None
    assert checked.kept[list(AIRCRAFT)].isna().all(axis=None)


def test_weather_that_cannot_be_joined_refuses_the_night(own_zone: Path) -> None:
    path = own_zone / WEATHER_FILE
    path.write_text(path.read_text().replace("time_hour", "hour_utc"))
    with pytest.raises(DataUnreadable, match=r"weather: no column \['time_hour'\] to join on"):
        _read(own_zone)


@pytest.mark.parametrize(
    ("column", "also_lost"),
    [
        ("sched_dep_time", {"row_key", "event_time"}),
        ("year", {"row_key", "event_time"}),
        ("carrier", {"row_key"}),
        ("origin", {"row_key"}),
        ("tailnum", set()),
        ("distance", set()),
    ],
)
def test_a_renamed_column_refuses_the_night_with_all_that_hangs_on_it(
    own_zone: Path, column: str, also_lost: set[str]
) -> None:
    _edit(own_zone / FLIGHTS, lambda text: text.replace(column, "renamed", 1))
    checked = _check(own_zone)
    lost = {failure.column for failure in checked.failures}
    assert lost == (also_lost | {column} if column != "year" else also_lost)
    assert "renamed" in checked.ignored_columns
    assert checked.counts.kept == 0


def test_a_repeated_hour_of_weather_is_refused_with_its_key(own_zone: Path) -> None:
    path = own_zone / WEATHER_FILE
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[0]]))
    with pytest.raises(DataUnreadable, match=r"weather: 1 row repeats .* first EWR, 2013-01-01T06"):
        _read(own_zone)


def test_a_repeated_aircraft_is_refused_with_its_key(own_zone: Path) -> None:
    register = pd.read_parquet(own_zone / "aircraft.parquet")
    pd.concat([register, register.head(1)]).to_parquet(own_zone / "aircraft.parquet")
    with pytest.raises(DataUnreadable, match=r"aircraft: 1 row repeats .* N10156"):
        _read(own_zone)


def test_what_is_no_time_is_named_and_only_its_row_set_aside(own_zone: Path) -> None:
    _edit(own_zone / FLIGHTS, lambda text: text.replace("2013,1,1,515,", "2013,1,1,575,", 1))
    checked = _check(own_zone)
    assert checked.counts.quarantined == 1
    (failure,) = [f for f in checked.failures if f.column == "sched_dep_time"]
    assert failure.examples == ("not a time: 575",)


def test_values_of_a_key_that_are_missing_leave_it_null(own_zone: Path) -> None:
    _edit(own_zone / FLIGHTS, lambda text: text.replace(",UA,1545,", ",UA,,", 1))
    assert _read(own_zone)["row_key"].isna().sum() == 1
    assert _check(own_zone).counts.quarantined == 1


def test_times_that_the_clock_change_skips_or_repeats_are_read(own_zone: Path) -> None:
    rows = "2013,3,10,230,330,UA,1,,EWR,IAH,1400\n2013,11,3,130,230,UA,2,,EWR,IAH,1400\n"
    _edit(own_zone / FLIGHTS, lambda text: text.splitlines(keepends=True)[0] + rows)
    instants = [str(instant) for instant in _read(own_zone)["event_time"]]
    assert instants == ["2013-03-10 07:30:00+00:00", "2013-11-03 05:30:00+00:00"]


def test_labels_without_their_column_are_refused(own_zone: Path) -> None:
    _edit(own_zone / LABELS, lambda text: text.replace("late", "delayed", 1))
    with pytest.raises(DataUnreadable, match=r"no column \['late'\]"):
        flights_landing(folder=own_zone).read_labels(FIRST)


def test_an_empty_file_of_labels_has_no_rows(own_zone: Path) -> None:
    (own_zone / LABELS).write_bytes(b"")
    raw = flights_landing(folder=own_zone).read_labels(FIRST)
    assert raw is not None
    assert (len(raw.frame), list(raw.frame.columns)) == (0, ["row_key", "late"])


def test_the_fingerprint_follows_each_file(own_zone: Path) -> None:
    source = flights_landing(folder=own_zone)
    before = source.fingerprint(FIRST)
    (own_zone / WEATHER_FILE).unlink()
    assert source.fingerprint(FIRST) == (before[0], before[2])


def test_the_folder_is_that_of_the_settings_at_the_time(
    landing_zone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = flights_landing()
    assert "driftloop landing" in (source.missing_hint() or "")
    monkeypatch.setenv("DRIFTLOOP_LANDING", str(landing_zone))
    assert source.missing_hint() is None
    assert source.nights()[0] == FIRST
