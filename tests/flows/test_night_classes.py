"""Nights of a project of several classes: from the first champion to its pages and its folder."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from deployments.page.paper import render_paper
from schemas.labels import Labels
from schemas.predictions import Predictions
from tasks.engine.cards import card_of
from tasks.engine.compare import compare
from tasks.engine.explain import explain
from tasks.engine.frames import load_frame
from tasks.engine.model_card import model_card
from tasks.engine.pull.pull import pull
from tasks.engine.rebuild import rebuild
from tasks.store.ledger import entries
from tasks.telling.compared import compared_paper
from tasks.telling.explained import explained_paper
from tasks.telling.model_card import model_card_paper
from tests.building.fixtures import apart
from tests.building.once import built_once
from tests.building.project import NAME
from tests.building.rows import build_orders, build_vehicles, day
from tests.building.world import World

FIRST = 22
DECLARED = "contract=OrdersByVehicle, task='multiclass', rounds=8"


def deliver(world: World, number: int, only: str | None = None) -> None:
    """A usual night, or one whose orders all went the same way."""
    labels = build_vehicles(number, world.deliver(number))
    world.label(number, labels if only is None else labels.assign(vehicle=only))


def build_champion(root: Path) -> None:
    """A first champion, and the night that it scored, labelled."""
    with apart(root) as world:
        world.declare(DECLARED)
        for number in range(FIRST + 1):
            deliver(world, number)
        world.history(0, FIRST - 1)
        world.night(FIRST)
        deliver(world, FIRST + 1)
        world.night(FIRST + 1)


@pytest.fixture
def served(world: World, request: pytest.FixtureRequest) -> World:
    """That world, to go on with."""
    made = World(built_once(request, "classes", build_champion)).copy_to(world.root)
    made.forget()
    return made


def scored_rows(world: World) -> pd.DataFrame:
    """What was predicted of the night that the champion scored."""
    key = world.recorded(FIRST + 1).predictions
    assert key is not None
    return load_frame(world.store, world.store.record(key, Predictions).rows)


def version_of(world: World) -> str:
    """The version in service."""
    version = world.champion
    assert version is not None
    return version


def test_a_first_champion_is_judged_on_all_classes_and_each(served: World) -> None:
    fit = card_of(served.store, NAME, version_of(served)).members[0]
    assert (fit.classes, len(fit.rates)) == (("bike", "car", "van"), 3)
    contest = served.judgements()[0].contest
    assert contest is not None
    evaluation = contest.evaluation
    assert evaluation is not None
    assert evaluation.classes == ("bike", "boat", "car", "van")
    assert sum(map(sum, evaluation.confusion)) == evaluation.rows
    recall = evaluation.find("recall:van")
    assert recall is not None
    assert recall.challenger.spreads
    assert evaluation.find("recall:boat") is None


def test_a_night_is_scored_with_a_probability_a_class(served: World) -> None:
    rows = scored_rows(served)
    names = [name for name in rows.columns if str(name).startswith("probability_")]
    assert names == [f"probability_{name}" for name in served.project.classes]
    np.testing.assert_allclose(rows[names].sum(axis=1), 1, rtol=1e-6)
    assert set(rows["prediction"]) <= {"bike", "car", "van"}
    assert not rows["probability_boat"].any()


def test_a_row_is_explained_by_its_likeliest_class(served: World) -> None:
    told = explain(served.store, served.project, f"{day(FIRST + 1)}-0003", None)
    assert told.chances[0].probability == told.prediction
    assert any(one.contribution for one in told.contributions)
    assert told.recorded is not None
    assert told.recorded.prediction == pytest.approx(told.prediction)
    assert "the probability of" in render_paper(explained_paper(told))


def test_the_card_tells_what_is_taken_for_what_and_its_bytes_are_made_again(
    served: World,
) -> None:
    version = version_of(served)
    page = render_paper(model_card_paper(model_card(served.store, NAME, version)))
    assert "recall of van" in page
    assert "said van" in page
    assert rebuild(served.store, served.project, version).is_equal


def test_a_pulled_folder_predicts_what_the_night_did(served: World, tmp_path: Path) -> None:
    pulled = tmp_path / "pulled"
    assert pull(served.store, NAME, pulled, None, frozenset()).lacks is None
    asked = build_orders(FIRST + 1).drop(columns="row_key").to_dict("records")
    said, nothing = (_ask(pulled / "current" / "predict.py", rows) for rows in (asked, []))
    known = [f"probability_{name}" for name in ("bike", "car", "van")]
    np.testing.assert_allclose(said, scored_rows(served)[known], atol=1e-5)
    assert nothing == []


def _ask(predict: Path, rows: list[Any]) -> Any:
    answer = subprocess.run(
        [sys.executable, predict],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


def test_refreshes_go_on_over_nights_of_one_class_and_of_a_class_that_nobody_knew(
    served: World,
) -> None:
    for number in range(FIRST + 2, FIRST + 8):
        only = {FIRST + 3: "van", FIRST + 5: "boat"}.get(number)
        deliver(served, number, only)
        served.night(number)
    store, project = served.store, served.project
    judged = [judgement for judgement in served.judgements() if judgement.retrain == "refresh"]
    assert judged
    contest = judged[-1].contest
    assert contest is not None
    boats = next(night for night in contest.nights if night.as_of == day(FIRST + 5))
    assert boats.challenger / boats.rows == pytest.approx(-np.log(1e-6))
    assert contest.evaluation is not None
    assert "training had no row of class boat" in contest.evaluation.notes[0]
    versions = [entry.version for entry in entries(store, NAME) if entry.version]
    if len(versions) > 1:
        told = render_paper(compared_paper(compare(store, project, versions[0], versions[-1])))
        assert "log loss" in told


def test_a_label_that_is_none_of_the_classes_is_told_as_that(served: World) -> None:
    labels = build_vehicles(FIRST + 2, served.deliver(FIRST + 2))
    labels.loc[:2, "vehicle"] = "sledge"
    served.label(FIRST + 2, labels)
    served.night(FIRST + 2)
    deliver(served, FIRST + 3)
    served.night(FIRST + 3)
    stored = served.store.record(served.store.revisions("labels", NAME, day(FIRST + 2))[-1], Labels)
    assert stored.invalid == 3
    assert stored.failures[0].examples == ("sledge", "sledge", "sledge")
    assert stored.classes is not None
    assert sum(stored.classes.values()) == stored.kept == len(labels) - 3
