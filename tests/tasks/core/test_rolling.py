"""Folds over past cut-offs: what trains, what judges, how many there can be."""

from datetime import date, timedelta

import pytest

from tasks.core.rolling import count_cuts, nights_for, rolling_folds

NIGHTS = [date(2026, 1, 1) + timedelta(days=number) for number in range(130)]


def test_the_newest_nights_judge_once_each_and_the_oldest_fold_comes_first() -> None:
    folds = rolling_folds(NIGHTS, label_delay=1)
    assert [night for fold in folds for night in fold.judge] == NIGHTS[-56:]
    assert [fold.cut for fold in folds] == [fold.judge[0] for fold in folds]
    assert [len(fold.train) for fold in folds] == [74, 81, 88, 95, 102, 109, 116, 123]


@pytest.mark.parametrize(("label_delay", "unknown"), [(0, 0), (1, 0), (2, 1), (7, 6)])
def test_nights_whose_labels_were_not_complete_by_the_cut_train_nothing(
    label_delay: int, unknown: int
) -> None:
    for fold in rolling_folds(NIGHTS, label_delay):
        assert fold.cut - fold.train[-1] == timedelta(days=1 + unknown)


def test_gaps_in_the_nights_are_no_nights() -> None:
    gappy = NIGHTS[:100] + NIGHTS[110:]
    folds = rolling_folds(gappy, label_delay=1)
    assert [night for fold in folds for night in fold.judge] == gappy[-56:]


@pytest.mark.parametrize("label_delay", [1, 7])
@pytest.mark.parametrize("cuts", [2, 5, 8])
def test_as_many_nights_train_before_the_first_cut_as_judge(label_delay: int, cuts: int) -> None:
    needed = nights_for(cuts, label_delay)
    assert count_cuts(needed, label_delay) == cuts
    assert count_cuts(needed - 1, label_delay) == cuts - 1
    first = rolling_folds(NIGHTS[:needed], label_delay, cuts)[0]
    assert len(first.train) == cuts * 7
