"""Runs on a real Prefect server: the state's name says the outcome, the run's name the night."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from prefect import Flow, tags
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterKey,
    FlowRunFilter,
    FlowRunFilterId,
)
from prefect.client.schemas.objects import State
from prefect.client.schemas.sorting import ArtifactSort
from prefect.flow_engine import run_flow

from flows.ack import ack
from flows.freeze import freeze, unfreeze
from flows.mark_bad import mark_bad
from flows.nightly import nightly
from flows.promote import promote
from flows.retrain import retrain
from flows.rollback import rollback
from flows.search import search
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World

pytestmark = pytest.mark.usefixtures("prefect_server")
NEXT = YOUNG + 1
REFUSING = "gates=(RefuseRefreshes(), BeatsPrior())"


def run(flow: Flow[..., Any], **parameters: Any) -> tuple[str, State[Any]]:
    """The name of a run of this flow and its last state."""
    given = {"project": NAME, **parameters}
    state = run_flow(flow, parameters=given, return_type="state")
    assert isinstance(state, State)
    with get_client(sync_client=True) as client:
        identity = state.state_details.flow_run_id
        assert identity is not None
        return client.read_flow_run(identity).name, state


def test_a_night_is_named_after_its_decision(young: World) -> None:
    young.deliver(NEXT)
    name, state = run(nightly, as_of=day(NEXT))
    assert (name, state.name) == (f"{NAME} {day(NEXT)}", "No new data")
    _, state = run(nightly, as_of=day(NEXT + 1))
    assert state.name in ("No data", "No data yet")


def test_an_event_without_an_undone_decision_ends_as_nothing_due(young: World) -> None:
    before = young.files()
    name, state = run(retrain, cause="event")
    assert (name, state.name) == (f"{NAME} {day(YOUNG)}", "Nothing due")
    assert str(day(YOUNG)) in (state.message or "")
    assert young.files() == before


def test_a_retrain_by_hand_says_what_came_of_it(served: World) -> None:
    assert run(retrain, actor="ann")[1].name == "No new data"
    served.live(SERVED + 1)
    served.declare(REFUSING)
    states = [run(retrain, actor="ann")[1] for _ in range(2)]
    assert [state.name for state in states] == ["Kept champion", "Already decided: refused"]
    assert "Refused" in (states[1].message or "")


def test_a_search_proposes_and_shows_why_as_an_artifact(grown: World) -> None:
    grown.declare("ladder=(Prior(), Linear(), XGBoost(n_rounds=8))")
    name, state = run(search, as_of=day(59), trials=1)
    assert (name, state.name) == (f"{NAME} {day(59)}", "Families proposed")
    assert "Families: Linear: " in (state.message or "")
    with get_client(sync_client=True) as client:
        [artifact] = client.read_artifacts(
            artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[f"search-{NAME}"])),
            sort=ArtifactSort.CREATED_DESC,
            limit=1,
        )
        tasks = client.read_task_runs(
            flow_run_filter=FlowRunFilter(
                id=FlowRunFilterId(any_=[state.state_details.flow_run_id or uuid4()])
            )
        )
    assert str(artifact.data).startswith("**Families proposed. ")
    assert sorted(task.name.split("-")[0] for task in tasks) == [
        *("compare_families", "publish_search", "search_parameters")
    ]
    assert all(task.state and task.state.is_completed() for task in tasks)


def test_a_search_that_cannot_or_need_not_be_made_is_no_failure(young: World) -> None:
    before = young.files()
    assert run(search)[1].name == "Not yet"
    with tags("auto-scheduled"):  # as the server marks runs of a schedule
        _, scheduled = run(search)
    for state in (scheduled, run(search, only_if_due=True)[1]):
        assert (state.name, state.is_completed()) == ("Nothing due", True)
        assert "the champion knows 20" in (state.message or "")
    assert young.files() == before


@pytest.mark.usefixtures("served")
def test_a_persons_decisions_are_named() -> None:
    said = {"reason": "tried out", "actor": "ann"}
    done = [run(flow, **said)[1].name for flow in (freeze, unfreeze, rollback, unfreeze, promote)]
    assert done == ["Frozen", "Unfrozen", "Rolled back", "Unfrozen", "Promoted"]


def test_a_night_is_marked_bad_once_however_often_the_form_is_submitted(young: World) -> None:
    said = {"as_of": day(YOUNG - 1), "reason": "wrong prices", "actor": "ann"}
    name, state = run(mark_bad, **said)
    assert (name, state.name) == (f"{NAME} {day(YOUNG - 1)}", "Marked bad")
    assert f"champion: {young.champion} was trained on it" in (state.message or "")
    before = young.files("ledger")
    _, again = run(mark_bad, **said)
    assert again.is_failed()
    assert "marked bad already, by ann: wrong prices" in (again.message or "")
    assert young.files("ledger") == before
    assert run(mark_bad, **said, undo=True)[1].name == "Mark taken back"


@pytest.mark.usefixtures("young")
def test_what_the_present_state_does_not_allow_fails_with_one_sentence() -> None:
    _, state = run(ack, reason="because", actor="ann")
    assert state.is_failed()
    assert "no refusals to acknowledge" in (state.message or "")


def test_a_retrain_as_of_a_night_that_has_not_begun_fails_with_one_sentence(young: World) -> None:
    before = young.files()
    _, state = run(retrain, as_of=date(2999, 1, 1))
    assert state.is_failed()
    assert "night 2999-01-01 is refused: it has not begun" in (state.message or "")
    assert young.files() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "x", "actor": "ann"},
        {"reason": "because", "actor": ""},
        {"reason": "because", "actor": " "},
        {"reason": "    ", "actor": "ann"},
        {"actor": "ann"},
    ],
)
def test_a_form_without_reason_or_name_is_refused(young: World, wrong: dict[str, str]) -> None:
    before = young.files()
    assert run(rollback, **wrong)[1].is_failed()
    assert young.files() == before
