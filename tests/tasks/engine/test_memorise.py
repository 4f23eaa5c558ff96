"""The memorisation panel of an attempt, what it costs, and the gates that need more than losses."""

import numpy as np
import pytest

from schemas.errors import ModelUnusable
from schemas.judgement import Cause, Judgement
from schemas.memorisation import Memorisation
from tasks.engine import examine
from tasks.engine.attempt import make_attempt
from tests.building.fixtures import SERVED, YOUNG
from tests.building.rows import ROWS, build_labels, day
from tests.building.world import World

NIGHTS = 20
LEARNED = 14 * ROWS
BY_HEART = "family=Tree(max_depth=20, min_rows=1)"


def _judge(world: World, number: int = NIGHTS - 1) -> Judgement:
    key = make_attempt(world.store, world.project, day(number), Cause(kind="person"))
    assert key is not None
    return world.store.record(key, Judgement)


def _panel(judged: Judgement) -> Memorisation:
    assert judged.examination is not None
    assert judged.examination.memorisation is not None
    return judged.examination.memorisation


def _deliver(world: World, *, noise: bool = False) -> None:
    draw = np.random.default_rng(0)
    for number in range(NIGHTS):
        orders = world.deliver(number)
        labels = build_labels(number, orders)
        if noise:
            labels["returned"] = draw.permutation(labels["returned"])
        world.label(number, labels)
    world.history(0, NIGHTS - 1)


def test_a_first_champion_has_the_panel_and_what_it_cost(young: World) -> None:
    [first] = young.judgements(YOUNG)
    panel = _panel(first)
    assert (panel.rows, panel.nights, panel.gate_rows) == (LEARNED, 14, 6 * ROWS)
    assert panel.canaries == LEARNED // 50
    assert panel.training_loss < panel.holdout_loss
    assert panel.lost is not None
    assert panel.lost.value < 0.5
    assert panel.noise_gain is not None
    assert panel.noise_gain.value < 0
    assert panel.row_rounds == 2 * LEARNED * 5
    assert first.row_rounds == LEARNED * 5 + panel.row_rounds
    assert first.contest is not None
    assert first.contest.memorised is not None
    assert first.contest.memorised.lost == panel.lost


def test_a_refresh_has_none_and_a_change_has_one(served: World) -> None:
    [refresh] = served.judgements(SERVED)
    assert refresh.examination is None
    assert refresh.contest is not None
    assert refresh.contest.memorised is None
    served.declare("rounds=6")
    assert _panel(_judge(served, SERVED)).rows == LEARNED + 3 * ROWS


def test_a_deep_tree_knows_noise_by_heart_and_is_refused_for_it(world: World) -> None:
    world.declare(f"{BY_HEART}, gates=(NotMemorised(),)")
    _deliver(world, noise=True)
    judged = _judge(world)
    panel = _panel(judged)
    assert panel.noise is not None
    assert panel.noise > 0.5
    assert judged.outcome == "refused"
    assert "of what it gains on training rows is gone on unseen nights" in judged.sentence


def test_a_line_hardly_follows_a_single_row(world: World) -> None:
    world.declare("family=Linear(), gates=(NotMemorised(), BeatsPrior(), BeatsSimplest())")
    _deliver(world)
    judged = _judge(world)
    panel = _panel(judged)
    assert judged.outcome == "passed"
    assert panel.exposure is not None
    assert panel.exposure.value < 0.1
    assert "beats_simplest" not in {verdict.gate for verdict in judged.verdicts}


def test_a_challenger_meets_the_simplest_family_on_the_same_nights(world: World) -> None:
    world.declare("gates=(BeatsSimplest(),)")
    _deliver(world)
    judged = _judge(world)
    assert judged.contest is not None
    assert all(night.simplest is not None for night in judged.contest.nights)
    [verdict] = judged.verdicts
    assert verdict.gate == "beats_simplest"
    assert judged.challenger is not None
    rows, panel = judged.challenger.rows, _panel(judged)
    assert judged.row_rounds == rows * (5 + 100) + panel.row_rounds


def test_above_the_limit_fewer_rows_are_fitted_again_and_one_fit_more_is_paid_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examine, "TRAINING_ROWS", 400)
    _deliver(world)
    panel = _panel(_judge(world))
    assert (panel.rows, panel.canaries, panel.row_rounds) == (400, 8, 3 * 400 * 5)


def test_a_recipe_that_cannot_learn_from_noise_is_judged_without_the_panel(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ModelUnusable("one class")

    monkeypatch.setattr(examine, "fit_shuffled", fail)
    _deliver(world)
    judged = _judge(world)
    assert judged.outcome == "passed"
    assert judged.examination is not None
    assert judged.examination.memorisation is None
    assert judged.examination.gains
