"""Rows are predicted before their outcome by the champion of the night, and delivered."""

import json

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from deployments.commands.lineage import lineage
from deployments.commands.run import upcoming as command
from deployments.status import project_status
from flows.upcoming import upcoming
from schemas.batch import Batch
from schemas.errors import Declined
from schemas.predictions import Predictions
from tasks.engine.frames import load_frame
from tasks.engine.score import score_frame
from tasks.store import keys
from tasks.store.verify import verify
from tests.building.fixtures import settle
from tests.building.project import NAME, build_project
from tests.building.rows import ROWS, build_orders, day
from tests.building.world import World
from tests.flows.foreseeing import NEXT, declare, delivered, record, told


@pytest.fixture
def ahead(served: World) -> World:
    """A world with a champion whose project predicts ahead, into files of the landing folder."""
    declare(served)
    return served


def test_a_night_predicts_what_is_ahead_by_its_own_champion_and_delivers_it(ahead: World) -> None:
    orders = ahead.foresee(NEXT)
    night = ahead.live(NEXT)
    made = record(ahead)
    assert (made.state, made.version) == ("predicted", night.evidence.champion)
    rows = pd.read_parquet(delivered(ahead))
    assert list(rows) == ["as_of", "row_key", "prediction", "model_version"]
    expected, _ = score_frame(ahead.store, ahead.project, str(made.version), orders, day(NEXT + 1))
    assert rows["row_key"].tolist() == orders["row_key"].tolist()
    np.testing.assert_array_equal(rows["prediction"], expected["prediction"])
    assert set(rows["model_version"]) == {made.version}
    assert set(rows["as_of"]) == {day(NEXT)}
    assert f"40 of 40 upcoming rows predicted, by {made.version}" in told(ahead)
    assert f"delivered to {day(NEXT)}.parquet" in (project_status(NAME)[0].upcoming or "")
    assert verify(ahead.store, NAME) == []


def test_a_row_gets_ahead_what_its_own_night_says_of_it(ahead: World) -> None:
    ahead.foresee(NEXT)
    ahead.live(NEXT)
    night = ahead.live(NEXT + 1)
    scored = ahead.store.record(str(night.predictions), Predictions)
    assert scored.version == record(ahead).version
    own = load_frame(ahead.store, scored.rows)["prediction"]
    np.testing.assert_array_equal(pd.read_parquet(delivered(ahead))["prediction"], own)


def test_the_same_night_twice_has_no_second_effect(ahead: World) -> None:
    ahead.foresee(NEXT)
    ahead.live(NEXT)
    before, written = ahead.files(), delivered(ahead).stat().st_mtime_ns
    ahead.forget()
    ahead.night(NEXT)
    assert ahead.files() == before
    assert delivered(ahead).stat().st_mtime_ns == written


def test_rows_that_changed_are_predicted_and_delivered_anew(ahead: World) -> None:
    ahead.foresee(NEXT)
    ahead.live(NEXT)
    ahead.foresee(NEXT, build_orders(NEXT + 1, rows=7))
    upcoming.fn(NAME, day(NEXT))
    assert record(ahead).counts.kept == len(pd.read_parquet(delivered(ahead))) == 7
    ahead.night(NEXT)
    assert len(ahead.store.revisions("upcoming", NAME, day(NEXT))) == 4


def test_rows_that_come_with_a_later_night_count_once_and_as_that_nights(
    served: World, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = served.copy_to(tmp_path_factory.mktemp("plain"))
    declare(served)
    for number in range(NEXT, NEXT + 4):
        served.foresee(number)
        served.live(number)
    assert served.recorded(NEXT + 3).evidence.quality.coverage == 1.0
    settle(plain.root, monkeypatch)
    plain.forget()
    for number in range(NEXT, NEXT + 4):
        plain.live(number)
    with_ahead = served.files()
    assert {key: with_ahead[key] for key in plain.files()} == plain.files()


def test_broken_rows_are_left_out_and_named_and_no_label_is_used(ahead: World) -> None:
    orders = build_orders(NEXT + 1).assign(returned=1)
    orders.loc[3, "hour"] = 99
    ahead.foresee(NEXT, orders)
    ahead.live(NEXT)
    made = record(ahead)
    assert (made.counts.kept, made.counts.quarantined) == (ROWS - 1, 1)
    assert told(ahead, step="left out").startswith("hour: less_than_or_equal_to(23), 1 row")
    assert "returned" not in pd.read_parquet(delivered(ahead))


def test_times_of_any_night_are_taken(ahead: World) -> None:
    both = pd.concat([build_orders(NEXT - 9), build_orders(NEXT + 30)])
    ahead.foresee(NEXT, both)
    upcoming.fn(NAME, day(NEXT))
    assert record(ahead).counts.kept == 2 * ROWS


def test_predictions_lead_back_to_their_model_and_files(
    ahead: World, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead.foresee(NEXT)
    ahead.live(NEXT)
    lineage(NAME, str(delivered(ahead)), json=True)
    found = json.loads(capsys.readouterr().out)
    assert [one["key"] for one in found["records"]] == [keys.upcoming(NAME, day(NEXT), 2)]
    assert found["model"]["version"] == record(ahead).version
    assert found["records"][0]["files"][0]["name"] == f"{day(NEXT)}.ahead.csv"
    lineage(NAME, str(day(NEXT)))
    assert keys.upcoming(NAME, day(NEXT), 2) in capsys.readouterr().out


def test_the_command_says_what_came_of_it(ahead: World, capsys: pytest.CaptureFixture[str]) -> None:
    ahead.live(NEXT)
    ahead.foresee(NEXT)
    command(NAME)
    assert "40 of 40 upcoming rows predicted" in capsys.readouterr().out
    command(NAME, as_of=str(day(NEXT)), json=True)
    assert json.loads(capsys.readouterr().out)["state"] == "predicted"


def test_a_project_without_upcoming_rows_declines(served: World) -> None:
    with pytest.raises(Declined, match="declares no upcoming="):
        upcoming.fn(NAME, day(NEXT))
    assert served.store.places("upcoming", NAME) == []


def test_a_destination_without_rows_is_refused() -> None:
    from tasks.destinations.to_file import ToFile

    with pytest.raises(ValidationError, match="declare upcoming="):
        build_project(deliver=ToFile(file="{as_of}.csv"))


def test_batches_know_nothing_of_it(ahead: World) -> None:
    ahead.foresee(NEXT)
    ahead.live(NEXT)
    made = record(ahead)
    assert made.rows
    assert len(load_frame(ahead.store, made.rows)) == ROWS
    assert ahead.store.record(str(ahead.recorded(NEXT).batch), Batch).counts.read == ROWS
