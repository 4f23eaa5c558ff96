"""Which training windows serve and which are fitted: told by past contests, never by this one."""

from datetime import date, timedelta

from schemas.policy import Policy
from tasks.engine.pruning import (
    Length,
    Tried,
    kept_windows,
    menu_of,
    score_windows,
    windows_to_judge,
    windows_to_refit,
)

START = date(2026, 1, 1)
POLICY = Policy(windows=(28, 91))
MENU = menu_of(POLICY)
LOSSES: dict[Length, float] = {None: 1.0, 28: 2.0, 91: 1.1}
SCORES = dict(LOSSES)


def day(number: int) -> date:
    return START + timedelta(days=number)


def contest(cut: int, losses: dict[Length, float] | None = None) -> Tried:
    return Tried(day(cut), day(cut + 5), LOSSES if losses is None else losses)


def test_a_window_within_a_fifth_of_the_best_is_kept() -> None:
    assert kept_windows({None: 1.2, 28: 1.0, 91: 1.21}) == {None, 28}
    assert kept_windows({None: 0.0, 28: 1.0}) == {None}


def test_without_scores_all_past_serves_alone() -> None:
    two = [contest(0), contest(3)]
    assert score_windows(MENU, two, day(50)) == {}
    assert kept_windows({}) == {None}


def test_a_contest_counts_once_it_is_over_and_for_seventy_nights() -> None:
    tried = [contest(cut) for cut in (0, 3, 6)]
    assert score_windows(MENU, tried, day(10)) == {}
    assert score_windows(MENU, tried, day(11)) == LOSSES
    assert score_windows(MENU, tried, day(69)) == LOSSES
    assert score_windows(MENU, tried, day(70)) == {}


def test_a_cut_that_was_judged_twice_counts_once_by_the_later_contest() -> None:
    tried = [contest(0), contest(3), contest(3, {**LOSSES, 28: 8.0})]
    assert score_windows(MENU, tried, day(20)) == {}
    assert score_windows(MENU, [*tried, contest(6)], day(20))[28] == 4.0


def test_a_contest_without_a_window_of_the_menu_says_nothing() -> None:
    tried = [contest(cut, {None: 1.0, 91: 1.0}) for cut in (0, 3, 6, 9)]
    assert score_windows(MENU, tried, day(20)) == {}
    assert score_windows((None, 91), tried, day(20)) == {None: 1.0, 91: 1.0}


def test_pruned_windows_are_judged_once_in_as_many_nights_as_judge() -> None:
    tried = [contest(cut) for cut in (0, 3, 6)]
    assert windows_to_judge(POLICY, tried, SCORES, day(9)) == (None, 91)
    assert windows_to_judge(POLICY, tried, SCORES, day(12)) == MENU
    assert windows_to_judge(POLICY, tried, {}, day(9)) == MENU


def test_pruned_windows_are_refitted_when_all_were_judged() -> None:
    assert windows_to_refit(POLICY, MENU, SCORES) == MENU
    assert windows_to_refit(POLICY, (None, 91), SCORES) == (None, 91)
    assert windows_to_refit(POLICY, (None,), {}) == MENU


def test_one_window_is_all_past() -> None:
    assert menu_of(Policy()) == (None,)
    assert windows_to_judge(Policy(), (), {}, day(9)) == (None,)
    assert windows_to_refit(Policy(), (None,), {}) == (None,)
