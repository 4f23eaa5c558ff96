"""Projects that count in weeks or in hours: history, live nights, promotions, what is told."""

import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.flow_engine import run_flow

from deployments.commands import know, run
from flows import clock
from flows.nightly import nightly
from flows.replay import replay
from schemas.batch import Batch
from schemas.errors import InvalidName, InvalidProject
from schemas.labels import Labels
from schemas.period import end_of, parse
from tasks.engine.past import Known
from tasks.engine.records import newest_by_night
from tasks.engine.standing import night_of
from tasks.home import home
from tasks.store.ledger import entries
from tasks.store.verify import verify
from tests.building.fixtures import cut_short, settle
from tests.building.once import built_once
from tests.building.periods import STARTS, ZONE, Counted
from tests.building.project import NAME

HISTORY = 16
"""Nights of history; with a label delay of 2 the night after them has enough for a champion."""


def settled(root: Path, period: str, patch: pytest.MonkeyPatch) -> Counted:
    cut_short(patch)
    settle(root, patch)
    patch.setenv("DRIFTLOOP_DATA", str(root / "data"))
    return Counted(root, period)


@pytest.fixture(params=["week", "hour"])
def counted(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Counted:
    """A project with its history taken in."""
    built = built_once(request, f"counted-{request.param}", partial(begin, request.param))
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return settled(tmp_path, request.param, monkeypatch)


def begin(period: str, root: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        world = settled(root, period, patch)
        world.declare()
        for number in range(HISTORY):
            world.deliver(number)
        assert len(world.history(0, HISTORY - 1)) == HISTORY


def live(world: Counted, *numbers: int) -> None:
    for number in numbers:
        world.deliver(number)
        world.run(number)


def scheduled(patch: pytest.MonkeyPatch, moment: datetime) -> None:
    """A run that the schedule started at this moment."""
    patch.setattr(clock, "flow_run", SimpleNamespace(scheduled_start_time=moment))


def test_every_row_is_in_its_own_night_through_the_change_of_the_clocks(counted: Counted) -> None:
    batches = newest_by_night(home(), Batch, NAME)
    assert [*batches] == [counted.night(number) for number in range(HISTORY)]
    assert {type(night) for night in batches} == {type(STARTS[counted.period])}
    assert {batch.counts.kept for _, batch in batches.values()} == {40}
    assert {batch.counts.quarantined for _, batch in batches.values()} == {0}


def test_a_champion_is_promoted_and_refreshed_and_everything_is_reproduced(
    counted: Counted, capsys: pytest.CaptureFixture[str]
) -> None:
    live(counted, *range(HISTORY, HISTORY + 4))
    promoted = [entry.as_of for entry in entries(home(), NAME)]
    assert promoted[0] == counted.night(HISTORY)
    assert promoted[-1] >= counted.night(HISTORY + 3)
    replayed = replay.fn(NAME)
    assert (replayed.reproduced.differences, len(replayed.asked) > 0) == ((), True)
    assert verify(home(), NAME) == []
    newest = counted.night(HISTORY + 3)
    know.nights(NAME)
    know.status(NAME)
    know.why(NAME, str(newest))
    told = capsys.readouterr().out
    assert told.count(str(newest)) >= 3
    know.why(NAME, f"{newest:%Y-%m-%d}" if counted.period == "week" else str(newest))


def test_labels_count_once_their_delay_of_two_nights_is_over(counted: Counted) -> None:
    live(counted, HISTORY)
    assert max(newest_by_night(home(), Labels, NAME)) == counted.night(HISTORY - 2)
    live(counted, HISTORY + 1)
    newest = newest_by_night(home(), Labels, NAME)[counted.night(HISTORY - 1)][1]
    assert newest.known == counted.night(HISTORY + 1)


def test_rows_look_back_at_the_nights_before(counted: Counted) -> None:
    before = Known(home(), NAME).before(counted.project, counted.night(9))
    seen = [one.batch.as_of for one in before.nights["lately"]]
    assert seen == [counted.night(number) for number in (6, 7, 8)]


def test_a_late_revision_of_the_night_before_is_decided_anew(counted: Counted) -> None:
    live(counted, HISTORY, HISTORY + 1)
    counted.deliver(HISTORY, without=4)
    live(counted, HISTORY + 2)
    found = night_of(home(), NAME, counted.night(HISTORY))
    assert found is not None
    assert (found[1].revision, found[1].evidence.rows, found[1].evidence.late) == (2, 36, True)


def test_missed_nights_are_caught_up_in_order(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(HISTORY, HISTORY + 4):
        counted.deliver(number)
    scheduled(monkeypatch, end_of(counted.night(HISTORY + 3), ZONE))
    assert counted.run().as_of == counted.night(HISTORY + 3)
    for number in range(HISTORY, HISTORY + 3):
        assert night_of(home(), NAME, counted.night(number)) is not None


@pytest.mark.parametrize("counted", ["week"], indirect=True)
def test_a_row_of_another_week_is_quarantined_with_the_weeks_name(
    counted: Counted,
) -> None:
    counted.deliver(HISTORY)
    path = counted.root / "data" / f"rows/{counted.night(HISTORY)}.csv"
    rows = pd.read_csv(path)
    rows.loc[0, "event_time"] = "2024-02-26T00:00:00+01:00"
    rows.to_csv(path, index=False)
    counted.run(HISTORY)
    [failure] = newest_by_night(home(), Batch, NAME)[counted.night(HISTORY)][1].failures
    assert failure.check == "outside of week 2024-W25 (from Monday 2024-06-17) in Europe/Berlin"


@pytest.mark.parametrize("name", ["2024-06-18", "2024-W25T01", "2024-06-17T00:00"])
@pytest.mark.parametrize("period", ["week", "hour"])
def test_what_is_no_night_of_the_project_is_refused(
    name: str, period: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(tmp_path, period, monkeypatch).declare()
    with pytest.raises(InvalidName, match=r"write .*2026-W10|write an hour of UTC|write 2024-W25"):
        run.night(NAME, as_of=name)


def test_a_night_that_has_not_begun_is_refused(counted: Counted) -> None:
    with pytest.raises(InvalidName, match="has not begun"):
        counted.run(200_000)


def test_what_counts_otherwise_than_its_stored_nights_is_refused(counted: Counted) -> None:
    counted.declare("day")
    with pytest.raises(InvalidProject, match=f"its stored nights are {counted.period}s"):
        run.night(NAME, as_of="2026-03-01")


@pytest.mark.parametrize(
    ("period", "moment", "expected"),
    [
        ("week", "2026-03-29T22:10:00Z", "2026-W13"),  # Monday 00:10, summer time since Sunday
        ("week", "2026-03-29T21:50:00Z", "2026-W12"),
        ("hour", "2026-10-25T01:10:00Z", "2026-10-25T00"),  # the second 02:10 of Berlin's clocks
        ("hour", "2026-10-25T00:10:00Z", "2026-10-24T23"),
    ],
)
def test_a_run_is_about_the_last_night_that_had_ended(
    period: str,
    moment: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = settled(tmp_path, period, monkeypatch)
    world.declare()
    scheduled(monkeypatch, datetime.fromisoformat(moment).astimezone(UTC))
    night = clock.tonight(world.project)
    assert (night, type(night)) == (parse(expected), type(STARTS[period]))


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize("counted", ["week", "hour"], indirect=True)
def test_a_run_takes_the_night_as_a_form_has_it(counted: Counted) -> None:
    counted.deliver(HISTORY)
    night = counted.night(HISTORY)
    written = f"{night:%Y-%m-%d}" if counted.period == "week" else str(night)
    given = {"project": NAME, "as_of": written}
    state = run_flow(nightly, parameters=given, return_type="state")
    assert isinstance(state, State)
    with get_client(sync_client=True) as client:
        made = client.read_flow_run(state.state_details.flow_run_id or "")  # type: ignore[arg-type]
    assert (made.name, state.name) == (f"{NAME} {night}", "Retrain due")
