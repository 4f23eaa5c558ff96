"""What `driftloop night` says of other nights than its own."""

import json
import re
from datetime import UTC, date, datetime

import pytest

from deployments.cli import app
from flows.nights import due_nights
from tests.building.brittle import Brittle, Killed
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World
from tests.deployments.commands.test_keep import type_in


def run_night(capsys: pytest.CaptureFixture[str], number: int, *more: str) -> str:
    return type_in(capsys, "night", NAME, "--as-of", str(day(number)), *more)[1]


@pytest.fixture
def refused(young: World) -> World:
    """The night of the first refresh was refused, and has been delivered anew."""
    for number in range(YOUNG + 1, SERVED):
        young.live(number)
    young.label(SERVED - 1)
    young.deliver(SERVED, build_orders(SERVED).drop(columns="hour"))
    assert young.night(SERVED).decision.state == "Batch refused"
    young.deliver(SERVED)
    young.label(SERVED)
    young.deliver(SERVED + 1)
    return young


def test_a_healed_night_before_is_told_with_what_it_led_to(
    refused: World, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run_night(capsys, SERVED + 1)
    assert refused.moves()[-1] == ("promote", day(SERVED))
    healed = f"  also       {day(SERVED)}: 40 rows now kept, 0 before; promoted {refused.champion} "
    assert healed in out
    assert "  also " not in run_night(capsys, SERVED + 1), "the second time it does nothing"


def test_machines_are_told_of_other_nights_as_well(
    refused: World, capsys: pytest.CaptureFixture[str]
) -> None:
    (told,) = json.loads(run_night(capsys, SERVED + 1, "--json"))
    assert [other["night"] for other in told["also"]] == [str(day(SERVED))]
    assert told["also"][0]["key"] == f"nights/{NAME}/{day(SERVED)}/r02.json"
    assert f"promoted {refused.champion}" in told["also"][0]["text"]


def test_a_late_night_that_decides_nothing_is_told_too(
    served: World, capsys: pytest.CaptureFixture[str]
) -> None:
    served.live(SERVED + 1)
    served.deliver(SERVED, build_orders(SERVED, rows=41))
    served.deliver(SERVED + 2)
    out = run_night(capsys, SERVED + 2)
    assert f"also       {day(SERVED)}: 41 rows now kept, 40 before; Late revision: " in out


def test_a_decision_that_a_killed_run_left_is_told_when_it_is_carried_out(
    young: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(YOUNG + 1, SERVED):
        young.live(number)
    whole = young.store.backend
    young.store.backend = Brittle(whole, prefix="nights/", after=True)
    with pytest.raises(Killed):
        young.live(SERVED)
    young.store.backend = whole
    young.label(SERVED)
    young.deliver(SERVED + 1)
    out = run_night(capsys, SERVED + 1)
    assert f"also       {day(SERVED)}: its decision was left undone; promoted v" in out


def test_delivered_nights_beyond_those_made_up_for_are_told_until_they_are_loaded(
    young: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    young.declare('policy={"catch_up": 2}')
    last = YOUNG + 9
    monkeypatch.setattr("flows.nights.tonight", lambda _: day(last))
    young.deliver_all(range(YOUNG + 2, last + 1))  # the first night missed was never delivered
    first, left = day(YOUNG + 2), day(last - 3)
    load = f"driftloop night {NAME} --from {first} --to {left} --history"
    told = f"5 delivered nights were not run, {first} to {left}: {load}"
    for _ in ("before the run", "after it"):
        assert f"  not run    {told}\n" in type_in(capsys, "status", NAME)[1]
        app(["night", NAME], exit_on_error=False, result_action="return_value")
        assert told in capsys.readouterr().err
    type_in(capsys, *load.split()[1:])
    assert "not run" not in type_in(capsys, "status", NAME)[1]
    app(["night", NAME], exit_on_error=False, result_action="return_value")
    assert capsys.readouterr().err == ""


def test_without_a_date_the_nights_up_to_now_are_those_of_the_clock(young: World) -> None:
    tonight = due_nights(young.project)[-1]
    assert type(tonight) is date
    assert 0 <= (datetime.now(UTC).date() - tonight).days <= 2


def test_what_is_insufficient_is_told_with_what_it_takes(
    served: World, capsys: pytest.CaptureFixture[str]
) -> None:
    served.label(SERVED)
    served.deliver(SERVED + 1)
    out = run_night(capsys, SERVED + 1)
    assert re.search(r"drift +insufficient data: \d+ of 28 reference nights", out)
    assert re.search(r"quality +insufficient: \d+ of 28 matured nights to compare with", out)


def test_a_history_leads_to_a_retrain_and_its_refusal_on(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.declare("gates=(BeatsPrior(confidence=0.9999999999),)")
    world.deliver_all(range(20))
    world.history(0, 19)
    assert f"next       driftloop retrain {NAME}\n" in type_in(capsys, "status", NAME)[1]
    out = type_in(capsys, "retrain", NAME)[1]
    assert out.endswith(f"Nothing was promoted.\nnext: driftloop check {NAME}\n")
    assert f"next       driftloop why {NAME} {day(19)}\n" in type_in(capsys, "status", NAME)[1]
    explained = type_in(capsys, "why", NAME, str(day(19)))[1]
    assert "outcome  Refused (first)" in explained
    assert f"next       driftloop check {NAME}\n" in explained
