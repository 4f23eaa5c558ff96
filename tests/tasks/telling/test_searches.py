"""Searches and curves on a model card: which search is shown, what is told, what is drawn."""

from datetime import date

import pytest

from schemas.curve import Curve
from schemas.search import Search
from tasks.engine.searches import commit_search, newest_search
from tasks.store import keys
from tasks.telling.curves import curve_blocks, say_curve
from tasks.telling.markdown import Picture
from tasks.telling.paper import Text
from tasks.telling.tunings import tuning_paper
from tests.building.fixtures import SERVED, YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.searches import build_curve, build_ladder, build_tuning
from tests.building.world import World
from tests.tasks.telling.test_model_card import card, said

FAMILY, PARAMETERS, RATE = "Why this family", "Why these parameters", "Learning rate"


def commit(world: World, search: Search) -> None:
    """Store a search as if it had been made."""
    world.store.commit(keys.search(NAME, search.as_of, search.number), search)


def test_without_a_search_the_card_says_the_commands(served: World) -> None:
    paper = card(served)
    assert said(paper, FAMILY) == f"No families were compared: driftloop ladder {NAME}"
    assert said(paper, PARAMETERS) == f"Parameters were not searched: driftloop tune {NAME}"


def test_the_card_shows_the_families_with_the_reason_and_what_failed(served: World) -> None:
    commit(served, build_ladder(day(SERVED)))
    told = said(card(served), FAMILY)
    assert "This model is XGBoost; the rule proposes another family." in told
    assert f"Linear: the simplest. Found as of {day(SERVED)}." in told
    assert "Linear() 1.05 0.85 to 1.25 0.05 ± 0.1 0.5 1,000 120,000" in told
    assert "Neural() failed: fitting failed" in told
    assert "Search again" not in told


def test_the_card_shows_trials_rates_and_what_the_newest_nights_said(served: World) -> None:
    commit(served, build_tuning(day(SERVED)))
    told = said(card(served), PARAMETERS)
    assert "1, best, proposed 1 the best 0.2 4" in told
    assert "3 failed fitting failed 0.4 6" in told
    assert "a gain of 0.1 ± 0.05" in told
    assert "max_depth 0.9" in told
    rates = said(card(served), RATE)
    for mark in (
        "0.05 too low: still falling",
        "0.2 too high: overshoots",
        "0.4 too high: diverged",
    ):
        assert mark in rates


def test_it_is_the_newest_of_then_and_a_later_one_says_so(served: World) -> None:
    later = day(SERVED + 9)
    commit(served, build_ladder(later))
    assert f"Found as of {later}, later than this version was made." in said(card(served), FAMILY)
    commit(served, build_ladder(day(YOUNG)))
    assert f"Found as of {day(YOUNG)}." in said(card(served), FAMILY)
    newest = newest_search(served.store, NAME, "ladder")
    assert newest is not None
    assert newest.as_of == later


def test_once_the_rows_have_doubled_the_card_says_to_search_again(served: World) -> None:
    commit(served, build_tuning(day(YOUNG), trained_rows=300))
    told = said(card(served), PARAMETERS)
    assert "Search again, the rows to learn from are" in told
    assert told.endswith(f"driftloop tune {NAME}")


def test_a_number_that_another_search_took_is_not_overwritten(served: World) -> None:
    other = build_tuning(day(SERVED))

    def build(number: int) -> Search:
        if number == 1:  # another process was faster
            served.store.backend.create(keys.search(NAME, day(SERVED), 1), other.to_bytes())
        return build_ladder(day(SERVED), number)

    assert commit_search(served.store, NAME, day(SERVED), build).number == 2


def test_the_page_of_a_search_ends_with_what_to_do() -> None:
    paper = tuning_paper(build_tuning(date(2026, 3, 1)))
    assert paper.lead == "Trial 1 loses less."
    assert [one.title for one in paper.sections] == ["Trials", RATE, "Next"]


@pytest.mark.parametrize(
    ("curve", "told"),
    [
        (build_curve(*(1 - at / 100 for at in range(50))), "try twice as many"),
        (build_curve(1.0, 0.5, 0.4, 0.4), "Settled: lowest (0.4) after 3 of 4"),
        (build_curve(1, 0.5, 0.3, 0.5, 0.7), "It overfits: the loss on later rows is lowest (0.3)"),
        (build_curve(1, 0.5, 0.3, 0.5, 0.7, chosen=2), "The fit stops by itself"),
        (build_curve(1, 2, 3), "It overshoots"),
        (build_curve(1, 0.5, float("nan")), "It diverged: after pass 2"),
        (build_curve(float("nan")), "It diverged: after pass 0"),
    ],
    ids=["falling", "settled", "overfits", "stops", "overshoots", "diverged", "never"],
)
def test_a_curve_says_what_to_do(curve: Curve, told: str) -> None:
    assert told in say_curve(curve)
    kinds = [type(block) for block in curve_blocks(curve, "binary")]
    assert kinds == ([Picture, Text] if curve.passes else [Text])


def test_a_family_without_passes_says_so() -> None:
    [block] = curve_blocks(None, "binary")
    assert isinstance(block, Text)
    assert "no passes" in block.text
