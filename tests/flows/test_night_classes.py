"""Nights of a project of several classes: from the first champion to its pages and its folder."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
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
from tests.building.project import NAME
from tests.building.rows import build_orders, build_vehicles, day
from tests.building.world import World

FIRST = 22
DECLARED = "contract=OrdersByVehicle, task='multiclass', rounds=8"


def deliver(world: World, number: int, only: str | None = None) -> None:
    """A usual night, or one whose orders all went the same way."""
    labels = build_vehicles(number, world.deliver(number))
    world.label(number, labels if only is None else labels.assign(vehicle=only))


@pytest.fixture
def served(world: World) -> World:
    """A first champion, and the night that it scored, labelled."""
    world.declare(DECLARED)
    for number in range(FIRST + 1):
        deliver(world, number)
    world.history(0, FIRST - 1)
    world.night(FIRST)
    deliver(world, FIRST + 1)
    world.night(FIRST + 1)
    return world


def test_a_champion_of_classes_scores_and_is_judged_told_pulled_and_rebuilt(
    served: World, tmp_path: Path
) -> None:
    store, project, version = served.store, served.project, served.champion
    assert version is not None
    fit = card_of(store, NAME, version).members[0]
    assert (fit.classes, len(fit.rates)) == (("bike", "car", "van"), 3)

    [judgement] = served.judgements()
    assert judgement.contest is not None
    evaluation = judgement.contest.evaluation
    assert evaluation is not None
    assert evaluation.classes == ("bike", "boat", "car", "van")
    assert sum(map(sum, evaluation.confusion)) == evaluation.rows
    recall = evaluation.find("recall:van")
    assert recall is not None
    assert recall.challenger.spreads
    assert evaluation.find("recall:boat") is None

    key = served.night(FIRST + 1).predictions
    assert key is not None
    rows = load_frame(store, store.record(key, Predictions).rows)
    chances = rows[[name for name in rows.columns if str(name).startswith("probability_")]]
    assert list(chances) == [f"probability_{name}" for name in project.classes]
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-6)
    assert set(rows["prediction"]) <= {"bike", "car", "van"}

    told = explain(store, project, f"{day(FIRST + 1)}-0003", None)
    assert told.chances[0].probability == told.prediction
    assert any(one.contribution for one in told.contributions)
    assert told.recorded is not None
    assert told.recorded.prediction == pytest.approx(told.prediction)
    assert "the probability of" in render_paper(explained_paper(told))
    page = render_paper(model_card_paper(model_card(store, NAME, version)))
    assert "recall of van" in page
    assert "said van" in page

    assert rebuild(store, project, version).is_equal
    pulled = tmp_path / "pulled"
    assert pull(store, NAME, pulled, None, frozenset()).lacks is None
    asked = build_orders(FIRST + 1).drop(columns="row_key").to_dict("records")
    answer = subprocess.run(
        [sys.executable, pulled / "current" / "predict.py"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    known = [f"probability_{name}" for name in fit.classes]
    np.testing.assert_allclose(json.loads(answer.stdout), rows[known], atol=1e-5)


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
