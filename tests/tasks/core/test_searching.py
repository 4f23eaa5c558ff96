"""The rules of a search: what is proposed, what matters, when to search again."""

from datetime import date

import pytest

from schemas.search import KeptOut, Measured, Search
from tasks.core.searching import beats_project, look_for, rank_importance, why_again
from tests.building.searches import build_ladder

NIGHT = date(2026, 3, 1)


def _own(behind: float, error: float) -> Measured:
    return Measured(loss=1, lower=0.9, upper=1.1, behind=behind, standard_error=error)


def _kept(gain: float) -> KeptOut:
    return KeptOut(
        cut=NIGHT, nights=7, rows=70, project=1, best=1 - gain, gain=gain, standard_error=0.1
    )


@pytest.mark.parametrize(
    ("behind", "gain", "is_proposed"),
    [(0.3, 0.1, True), (0.1, 0.1, False), (0.3, -0.01, False), (0.3, 0.0, True)],
)
def test_the_best_is_proposed_if_it_is_clearly_better_and_no_worse_where_it_was_not_chosen(
    behind: float, gain: float, is_proposed: bool
) -> None:
    assert beats_project(_own(behind, 0.2), _kept(gain)) == is_proposed


def test_without_the_nights_that_chose_nothing_the_projects_own_stay() -> None:
    assert not beats_project(_own(0.3, 0.2), None)


def test_parameters_that_failed_are_replaced() -> None:
    assert beats_project(None, None)


def test_what_orders_the_losses_matters_and_noise_does_not() -> None:
    params = [{"rate": at, "depth": [3, 8, 5, 1, 7, 2, 6, 4][at], "same": 1} for at in range(8)]
    found = rank_importance(params, [-float(at) for at in range(8)])
    assert found["rate"] == 1.0
    assert found["depth"] < 0.4
    assert found["same"] == 0.0


def test_few_trials_tell_no_importance() -> None:
    assert rank_importance([{"rate": 1.0}] * 7, [1.0] * 7) == {}


@pytest.mark.parametrize(
    ("now", "rows", "told"),
    [
        (date(2026, 8, 30), 1999, None),
        (date(2026, 8, 31), 1999, "183 nights old"),
        (NIGHT, 2000, "2 times those of then"),
        (date(2025, 1, 1), 900, None),
    ],
)
def test_a_search_is_old_after_half_a_year_or_once_the_rows_have_doubled(
    now: date, rows: int, told: str | None
) -> None:
    why = why_again(NIGHT, now, 1000, rows)
    assert why is None if told is None else told in str(why)


MADE = build_ladder(NIGHT, trained_rows=1_000)


@pytest.mark.parametrize(
    ("made", "now", "rows", "nights", "is_due", "why"),
    [
        (None, NIGHT, 1_000, 27, False, "needs 28 labelled nights, and the champion knows 27"),
        (None, NIGHT, 1_000, 28, True, "none was made yet"),
        (MADE, NIGHT, 1_999, 27, False, "what was found as of 2026-03-01 holds"),
        (MADE, date(2026, 8, 30), 1_999, 99, False, "what was found as of 2026-03-01 holds"),
        (MADE, date(2026, 8, 31), 1_000, 99, True, "the last one is 183 nights old, limit 182"),
        (MADE, NIGHT, 2_000, 27, True, "the rows to learn from are 2 times those of then"),
    ],
)
def test_a_search_that_nobody_asked_for_is_due_when_it_is_the_first_or_worth_its_cost(
    made: Search | None, now: date, rows: int, nights: int, is_due: bool, why: str
) -> None:
    assert look_for(made, now, rows, nights, needed=28) == (is_due, why)
