"""Evaluations: both models with intervals, slices of frequent words, no crash on thin nights."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.evaluation import Evaluation
from schemas.project import Task
from tasks.core.evaluation import MISSING, WORDS, Judged, evaluate
from tasks.core.left_out import METRICS
from tasks.core.metrics import row_losses
from tasks.core.paired_nights import PairedNights

Words = list[str | None]


def _judged(nights: int = 6, rows: int = 30, words: Words | None = None) -> Judged:
    draw = np.random.default_rng(5)
    size = nights * rows
    target = (draw.random(size) < 0.4).astype(float)
    return Judged(
        target,
        np.clip(0.4 * target + draw.random(size) / 2, 0, 1),
        np.repeat(np.arange(nights), rows),
        rival=draw.random(size),
        words={} if words is None else {"shop": pd.Series((words * size)[:size], dtype="str")},
    )


def test_the_gain_in_log_loss_is_that_of_the_gates_on_loss_sums() -> None:
    judged = _judged()
    found = evaluate("binary", judged, 0.5).find("log_loss")
    assert found is not None
    assert found.gain is not None
    sums = [
        np.bincount(judged.nights, row_losses("binary", judged.target, scores)).astype(np.float64)
        for scores in (judged.challenger, judged.rival)
        if scores is not None
    ]
    pair = PairedNights(np.full(6, 30.0), *sums)
    assert found.gain.value == pytest.approx(pair.gain)
    assert [s.error for s in found.gain.spreads] == pytest.approx([pair.standard_error])


def test_metrics_stand_in_their_order_and_a_first_champion_has_no_gain() -> None:
    both = evaluate("binary", _judged(), 0.5)
    assert [one.metric for one in both.metrics] == list(METRICS["binary"])
    one = _judged()
    alone = evaluate("binary", Judged(one.target, one.challenger, one.nights), 0.5)
    assert {(one.rival, one.gain) for one in alone.metrics} == {(None, None)}
    assert alone.scores.moved is None


def test_a_threshold_moves_precision_and_recall_alone() -> None:
    low, high = (evaluate("binary", _judged(), threshold) for threshold in (0.3, 0.6))
    changed = {
        one.metric for one, other in zip(low.metrics, high.metrics, strict=True) if one != other
    }
    assert changed == {"precision", "recall"}


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_nights_of_one_class_are_told_and_have_what_exists(label: float) -> None:
    judged = _judged()
    judged = Judged(np.full(180, label), judged.challenger, judged.nights, rival=judged.rival)
    found = evaluate("binary", judged, 0.5)
    assert found.find("auc") is None
    assert found.find("log_loss") is not None
    assert "auc" in found.notes[0]
    assert (found.find("recall") is None) == (label == 0)


def test_two_nights_have_no_interval_and_say_so() -> None:
    found = evaluate("binary", _judged(nights=2), 0.5)
    assert all(one.challenger.spreads == () for one in found.metrics)
    assert "no interval" in found.notes[0]


def test_the_most_frequent_words_are_slices_and_all_others_one() -> None:
    words: Words = [f"w{n:02}" for n in range(15) for _ in range(20 - n)] + [None] * 40
    found = evaluate("binary", _judged(rows=1000, words=words), 0.5).slices
    assert [one.word for one in found] == [MISSING, *(f"w{n:02}" for n in range(WORDS - 1)), None]
    assert sum(one.rows for one in found) == 6000
    assert [one.metric for one in found[0].metrics] == ["log_loss", "auc", "precision", "recall"]
    rows = [one.rows for one in found[:-1]]
    assert rows == sorted(rows, reverse=True)


def test_a_slice_on_few_nights_has_no_interval_and_is_told() -> None:
    judged = _judged(words=["a"])
    judged.words["shop"].iloc[:30] = "only the first night"
    found = evaluate("binary", judged, 0.5)
    [thin] = [one for one in found.slices if one.nights == 1]
    assert thin.metrics[0].gain is not None
    assert thin.metrics[0].gain.spreads == ()
    assert "1 of 2 slices of shop have under 3 nights" in found.notes


def test_a_word_becomes_one_line_that_hides_nothing() -> None:
    found = evaluate("binary", _judged(words=["a\nb\x1b[31m\u202e" + "x" * 200]), 0.5)
    word = found.slices[0].word
    assert word is not None
    assert word.startswith("a b [31m xxx")
    assert len(word) == 80


def test_few_held_out_groups_on_many_nights_are_little_evidence() -> None:
    judged = _judged(nights=20)
    groups = np.arange(600) % 4
    with_groups = Judged(judged.target, judged.challenger, judged.nights, judged.rival, groups)
    found = evaluate("binary", with_groups, 0.5).find("auc")
    assert found is not None
    assert found.gain is not None
    assert [(s.over, s.units) for s in found.gain.spreads] == [("nights", 20), ("groups", 4)]
    one = Judged(judged.target, judged.challenger, judged.nights, judged.rival, groups * 0)
    alone = evaluate("binary", one, 0.5).find("auc")
    assert alone is not None
    assert alone.challenger.spreads == ()


NUMBERS = st.floats(-1e9, 1e9)


@given(
    task=st.sampled_from(["binary", "regression"]),
    rows=st.lists(
        st.tuples(NUMBERS, NUMBERS, NUMBERS, st.integers(0, 4), st.sampled_from(["a", None, ""])),
        min_size=1,
        max_size=40,
    ),
)
def test_any_nights_can_be_evaluated_and_kept(
    task: Task, rows: list[tuple[float, float, float, int, str | None]]
) -> None:
    target, mine, theirs, nights, words = (np.array(column) for column in zip(*rows, strict=True))
    if task == "binary":
        target, mine, theirs = target > 0, np.abs(np.tanh(mine)), np.abs(np.tanh(theirs))
    columns = {"shop": pd.Series(words.tolist(), dtype="str")}
    judged = Judged(target.astype(float), mine, nights, theirs, words=columns)
    found = evaluate(task, judged, 0.5)
    assert Evaluation.model_validate_json(found.model_dump_json()) == found
    assert found.rows == len(rows)


def test_calibration_bins_hold_all_rows_and_the_shares_that_came_true() -> None:
    judged = _judged()
    bins = evaluate("binary", judged, 0.5).calibration
    assert sum(one.rows for one in bins) == 180
    observed = sum(one.rows * one.observed for one in bins) / 180
    assert observed == pytest.approx(judged.target.mean())
    assert all(one.error is not None for one in bins)
