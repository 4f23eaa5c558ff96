"""`ladder`, `tune` and `replay --refit` on projects of several classes and of counts."""

import json
from collections.abc import Callable

import pandas as pd
import pytest

from tests.building.project import NAME
from tests.building.rows import build_items, build_vehicles, day
from tests.building.world import World
from tests.deployments.commands.test_keep import type_in

NIGHTS = 43
SMALL = "ladder=(Prior(), Linear(), XGBoost(n_rounds=4))"
Labelled = Callable[[int, pd.DataFrame], pd.DataFrame]


@pytest.mark.parametrize(
    ("declared", "labelled", "loss", "metric"),
    [
        ("contract=OrdersByVehicle, task='multiclass'", build_vehicles, "LOG LOSS", "log_loss"),
        ("contract=OrdersOfItems, task='count'", build_items, "POISSON DEVIANCE", "deviance"),
    ],
)
def test_families_parameters_and_policies_are_tried_by_the_tasks_own_loss(
    world: World,
    capsys: pytest.CaptureFixture[str],
    declared: str,
    labelled: Labelled,
    loss: str,
    metric: str,
) -> None:
    world.declare(f"{declared}, {SMALL}")
    for number in range(NIGHTS):
        world.label(number, labelled(number, world.deliver(number)))
    world.history(0, NIGHTS - 1)

    said = type_in(capsys, "ladder", NAME)[1]
    assert loss in said.splitlines()[2]
    assert said.splitlines()[7].startswith("Linear: ")

    code, said = type_in(capsys, "tune", NAME, "--trials", "2", "--json")
    assert code == 0, said
    tuned = json.loads(said)["tuned"]
    assert [one["state"] for one in tuned["trials"]] == ["complete"] * 2
    assert all(0 < one["share"] < 1.5 for one in tuned["trials"])
    assert {one["curve"]["shape"] for one in tuned["sweep"]} - {"diverged"}

    since = ("--from", str(day(NIGHTS - 4)))
    code, said = type_in(capsys, "replay", NAME, "--refit", "--policy", "own", *since, "--json")
    assert code == 0, said
    lived = json.loads(said)["lived"]
    assert lived["metric"] == metric
    assert [one["policy"] for one in lived["results"]] == ["own", "never", "nightly"]
    assert all(one["metric"] == pytest.approx(one["loss"]) for one in lived["results"])
