"""Each leak is named where it was planted, and honest features are not."""

import numpy as np
import pandas as pd
import pytest

from schemas.examination import LeakAlarm
from schemas.project import Task
from tasks.core.leaks import (
    Part,
    copies_of_target,
    missingness,
    one_feature_scores,
    rank_correlation,
    rank_scores,
    single_features,
)
from tasks.core.leaky_rows import duplicates, id_like
from tasks.core.metrics import area_under_curve
from tests.tasks.core.leaking import make_part, part_of, planted

TASKS: tuple[Task, ...] = ("binary", "regression")
NO_WORDS: dict[str, "pd.Series[str]"] = {}


def _single(task: Task, training: Part, gate: Part, model: float = 0.9) -> list[LeakAlarm]:
    return [*single_features(task, training, one_feature_scores(task, training, gate), model)]


def _noisy(part: Part, noise: float, seed: int) -> Part:
    draw = np.random.default_rng(seed)
    spread = noise * part.target.std()
    return planted(part, part.target + draw.normal(scale=spread, size=len(part.target)))


@pytest.mark.parametrize("task", TASKS)
def test_a_feature_that_is_the_target_with_noise_is_named(task: Task) -> None:
    training, gate = make_part(task), make_part(task, nights=6, seed=1)
    assert _single(task, training, gate) == []
    [alarm] = _single(task, _noisy(training, 0.3, 2), _noisy(gate, 0.3, 3))
    assert (alarm.rule, alarm.column) == ("single_feature", "planted")
    assert alarm.number >= alarm.limit


def test_a_feature_that_shines_on_a_few_nights_only_is_not_named() -> None:
    training, gate = make_part(), make_part(nights=6, seed=1)
    lucky = planted(gate, gate.target)
    honest = planted(training, training.features.values[:, 0])
    assert _single("binary", honest, lucky) == []


def test_a_leak_by_category_or_against_the_order_is_seen() -> None:
    training, gate = make_part(nights=30), make_part(nights=6, seed=1)

    def word(part: Part) -> Part:
        shuffled = np.array([3, 0, 2, 1])[(2 * part.target).astype(int)]
        return planted(part, shuffled, word=True)

    assert [a.column for a in _single("binary", word(training), word(gate))] == ["planted"]
    mirrored = planted(training, -training.target), planted(gate, -gate.target)
    assert [a.column for a in _single("binary", *mirrored)] == ["planted"]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("how", [np.negative, np.exp, np.cbrt, lambda x: x])
def test_the_target_or_what_follows_from_it_is_a_copy(task: Task, how: np.ufunc) -> None:
    part = make_part(task)
    assert list(copies_of_target(part)) == []
    [alarm] = copies_of_target(planted(part, how(part.target)))
    assert (alarm.rule, alarm.column) == ("copy_of_target", "planted")


def test_a_finer_and_a_coarser_copy_are_named_and_one_with_gaps() -> None:
    binary, real = make_part(), make_part("regression")
    draw = np.random.default_rng(5)
    minutes = np.where(binary.target == 1, 15 + draw.random(800), 14 * draw.random(800))
    coarse = np.round(real.target)
    gappy = np.where(draw.random(800) < 0.4, np.nan, real.target)
    for part in (planted(binary, minutes), planted(real, coarse), planted(real, gappy)):
        assert [alarm.column for alarm in copies_of_target(part)] == ["planted"]


def test_a_rare_flag_that_happens_to_fit_is_no_copy() -> None:
    part = make_part()
    flag = np.zeros(800)
    flag[np.flatnonzero(part.target == 1)[:3]] = 1
    assert list(copies_of_target(planted(part, flag))) == []


def test_words_and_growing_numbers_that_name_rows_are_named() -> None:
    part = make_part()
    times = np.arange(800, dtype=np.float64)
    ids = pd.Series([f"order-{number}" for number in range(800)], dtype="str")
    shops = pd.Series(["a", "b"] * 400, dtype="str")
    assert list(id_like(part, times, {"shop": shops})) == []
    [word] = id_like(part, times, {"id": ids, "shop": shops})
    [number] = id_like(planted(part, times + 1e6), times, NO_WORDS)
    assert (word.column, number.column) == ("id", "planted")


def test_gaps_on_rows_of_one_label_are_named() -> None:
    part = make_part()
    draw = np.random.default_rng(6)
    late = (part.target == 1) & (draw.random(800) < 0.1)
    honest = draw.random(800) < 0.1
    dear = draw.random(800) < 0.05 + 0.1 * (part.target == 1)
    [alarm] = missingness(part, {"tail": late, "weather": honest, "dear": dear})
    assert (alarm.column, alarm.rule) == ("tail", "missingness")
    assert alarm.number > 0.9


def test_an_outage_on_a_bad_night_is_no_leak() -> None:
    part = make_part()
    bad = part.nights < 6
    target = np.where(bad, 1.0, part.target)
    draw = np.random.default_rng(7)
    gaps = bad & (draw.random(800) < 0.5)
    whole = part_of(part.features.values, target, 20, part.features.names)
    assert list(missingness(whole, {"weather": gaps, "feed": bad})) == []


@pytest.mark.parametrize("task", TASKS)
def test_rows_on_both_sides_are_named(task: Task) -> None:
    training, gate = make_part(task), make_part(task, nights=5, seed=1)
    assert list(duplicates(training, gate)) == []
    values, target = gate.features.values.copy(), gate.target.copy()
    values[:20], target[:20] = training.features.values[:20], training.target[:20]
    [alarm] = duplicates(training, part_of(values, target, 5, gate.features.names))
    assert (alarm.rule, alarm.number) == ("duplicates", 0.1)


def test_coarse_features_that_meet_again_are_no_duplicates() -> None:
    training, gate = make_part(), make_part(nights=5, seed=1)

    def coarse(part: Part) -> Part:
        nights = len(np.unique(part.nights))
        return part_of(np.round(part.features.values), part.target, nights, part.features.names)

    assert list(duplicates(coarse(training), coarse(gate))) == []


def test_one_class_and_constants_are_no_error() -> None:
    part = make_part(nights=6)
    flat = part_of(np.zeros((240, 3)), np.ones(240), 6, part.features.names)
    assert _single("binary", flat, flat) == []
    assert _single("regression", flat, flat) == []
    assert list(copies_of_target(flat)) == []
    assert list(duplicates(flat, flat)) == []
    assert rank_scores("binary", flat.target, flat.features.values).tolist() == [0.5] * 3
    assert rank_scores("regression", flat.target, flat.features.values).tolist() == [0] * 3


def test_rank_scores_are_auc_and_rank_correlation() -> None:
    part = make_part("regression")
    values = np.asarray(part.features.values.round(1), dtype=np.float64)
    alike = [rank_correlation(column, part.target) for column in values.T]
    assert rank_scores("regression", part.target, values).tolist() == pytest.approx(alike)
    is_high = part.target > 0
    areas = [area_under_curve(is_high, column) for column in values.T]
    found = rank_scores("binary", is_high.astype(np.float64), values)
    assert found.tolist() == pytest.approx(areas)


def test_features_of_nothing_but_nulls_are_no_error() -> None:
    part = planted(make_part(), np.full(800, np.nan))
    assert _single("binary", part, part, model=0.99) == []
    assert list(copies_of_target(part)) == []
    assert list(missingness(part, {"planted": np.ones(800, dtype=bool)})) == []
    assert list(id_like(part, np.arange(800.0), NO_WORDS)) == []
