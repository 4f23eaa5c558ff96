"""The plan of deployments: every flow of every project, with forms that explain themselves."""

from typing import Any

import pytest
from prefect.client.schemas.schedules import CronSchedule
from prefect.events import DeploymentEventTrigger

from deployments.build import TAG, Planned, _in_order, plan_deployments
from flows.find import list_projects
from tasks.gates.approval import Approval
from tests.building.project import NAME, build_project, usual_gates
from tests.building.source import Ahead

HAWAII = {"name": "surf", "timezone": "Pacific/Honolulu", "hours": (1, 5)}


def planned(**fields: Any) -> dict[str, Planned]:
    return {one.name: one for one in plan_deployments([build_project(**fields)])}


def test_every_flow_of_a_project_is_planned_with_its_project_filled_in() -> None:
    found = planned()
    expected = {
        "nightly",
        "retrain",
        "promote",
        "rollback",
        "replay",
        "search",
        "freeze",
        "accept",
        "ack",
        "mark-bad",
    }
    assert {f"{flow}/{NAME}" for flow in expected} < {*found}
    for one in found.values():
        assert one.deployment.parameters == {"project": NAME}
        assert TAG in one.deployment.tags
        assert one.deployment.concurrency_limit == 1
        assert (one.deployment.entrypoint or "").startswith("flows.")


@pytest.mark.parametrize("name", [one.name for one in plan_deployments([build_project()])])
def test_every_parameter_of_a_form_has_a_line_of_help(name: str) -> None:
    for parameter in planned()[name].deployment._parameter_openapi_schema.properties.values():
        assert len(parameter["description"]) > 10


def test_rows_ahead_have_a_form_where_a_project_has_any() -> None:
    assert f"upcoming/{NAME}" not in planned()
    form = planned(upcoming=Ahead())[f"upcoming/{NAME}"].deployment._parameter_openapi_schema
    assert all(len(one["description"]) > 10 for one in form.properties.values())


def test_approval_has_a_form_where_a_project_asks_for_it() -> None:
    assert f"approve/{NAME}" not in planned()
    asking = planned(gates=(*usual_gates(), Approval()))
    form = asking[f"approve/{NAME}"].deployment._parameter_openapi_schema
    assert {"reason", "actor"} <= {*form.required}
    assert all(len(one["description"]) > 10 for one in form.properties.values())


def test_a_description_leaves_parameters_to_the_form() -> None:
    told = planned()[f"rollback/{NAME}"].deployment.description or ""
    assert told.endswith(
        "\n\nMove the champion back and freeze promotion until somebody unfreezes it."
    )


def test_the_order_of_a_triggers_events_does_not_change_its_digest() -> None:
    names = {f"event.{number:02}" for number in range(30)}  # a set's order changes by process
    trigger = DeploymentEventTrigger(name="any", expect=names)
    assert _in_order(trigger)["expect"] == sorted(names)


def test_a_person_must_say_who_and_why() -> None:
    schema = planned()[f"rollback/{NAME}"].deployment._parameter_openapi_schema
    assert {"reason", "actor"} <= {*schema.required}
    assert schema.properties["reason"]["minLength"] == 3


def test_nights_run_at_the_projects_hours_in_its_own_zone() -> None:
    (schedule,) = planned(**HAWAII)["nightly/surf"].deployment.schedules or []
    assert isinstance(schedule.schedule, CronSchedule)
    cron = schedule.schedule
    assert (cron.cron, cron.timezone) == ("0 1,5 * * *", "Pacific/Honolulu")


def test_only_nights_and_searches_have_a_schedule() -> None:
    assert [name for name, one in planned().items() if one.deployment.schedules] == [
        f"nightly/{NAME}",
        f"search/{NAME}",
    ]


def test_searches_are_looked_for_on_sundays_after_the_nights_runs() -> None:
    search = planned(**HAWAII)["search/surf"].deployment
    (schedule,) = search.schedules or []
    assert isinstance(schedule.schedule, CronSchedule)
    cron = schedule.schedule
    assert (cron.cron, cron.timezone) == ("0 7 * * 0", "Pacific/Honolulu")
    assert search._parameter_openapi_schema.properties["only_if_due"]["default"] is False


def test_an_event_starts_the_retrain_and_says_nothing_but_that_it_is_one() -> None:
    for trigger in planned()[f"retrain/{NAME}"].deployment.triggers:
        assert isinstance(trigger, DeploymentEventTrigger)
        assert trigger.parameters == {"project": NAME, "cause": "event"}


def test_the_plan_is_the_same_each_time_and_another_when_anything_in_it_changed() -> None:
    digests = {name: one.digest for name, one in planned().items()}
    assert {name: one.digest for name, one in planned().items()} == digests
    later = {name: one.digest for name, one in planned(hours=(4,)).items()}
    assert [name for name in digests if later[name] != digests[name]] == [
        f"nightly/{NAME}",
        f"search/{NAME}",
    ]


def test_shipped_projects_can_be_planned() -> None:
    assert plan_deployments([one.project for one in list_projects() if one.project])


@pytest.mark.parametrize(
    ("period", "cron", "kind", "written"),
    [
        ("day", "0 2 * * *", {"type": "string", "format": "date"}, "a date in the project's"),
        ("week", "0 2 * * 1", {"type": "string"}, "a week such as 2026-W10"),
        ("hour", "10 * * * *", {"type": "string"}, "an hour of UTC such as 2026-03-01T14"),
    ],
)
def test_runs_and_forms_follow_what_the_project_counts_in(
    period: str, cron: str, kind: dict[str, str], written: str
) -> None:
    found = planned(period=period)
    assert found[f"nightly/{NAME}"].crons == (cron,)
    for flow in ("nightly", "accept", "history"):
        form = found[f"{flow}/{NAME}"].deployment._parameter_openapi_schema.properties
        asked = form["first" if flow == "history" else "as_of"]
        shown = asked.get("anyOf", [asked])[0]
        assert {key: shown[key] for key in ("type", "format") if key in shown} == kind
        assert period == "hour" or "hour of UTC" not in asked["description"]
        assert flow == "history" or written in asked["description"]
