"""The flow of a search without a server: what it stores, when it is due, how it ends."""

from typing import Any

import pytest

from deployments.status import project_status
from flows.search import search
from schemas.search import Search
from tasks.engine.search_due import look_at_searches
from tasks.engine.searches import Kind, Sought, newest_search
from tasks.engine.trying import Budget
from tasks.searching import compare_families, search_parameters
from tasks.telling.search_page import end_of_search, no_search_due, search_page
from tests.building.fixtures import GROWN, YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.searches import build_ladder, build_tuning
from tests.building.world import World
from tests.tasks.telling.test_searches import commit

SMALL = "ladder=(Prior(), Linear(), XGBoost(n_rounds=8))"
AS_OF = day(59)
"""Nights enough for four cut-offs."""


def _search(**fields: Any) -> tuple[str, ...]:
    return search.fn(NAME, **{"as_of": AS_OF, "trials": 3, **fields})


def _sought(stored: tuple[str, ...]) -> dict[Kind, Sought]:
    kinds: tuple[Kind, ...] = ("ladder", "tuned")
    return {kind: Sought(key) for kind, key in zip(kinds, stored, strict=True)}


def _dump(found: Search | None) -> dict[str, Any]:
    assert found is not None
    tuned = found.tuned
    assert tuned is not None
    return {"params": [one.params for one in tuned.trials], "chosen": tuned.chosen}


def test_families_then_parameters_are_stored_and_nothing_else_is(grown: World) -> None:
    grown.declare(SMALL)
    before = grown.files()
    stored = _search()
    assert stored == (f"searches/{NAME}/{AS_OF}/01.json", f"searches/{NAME}/{AS_OF}/02.json")
    assert grown.files().keys() - before.keys() == {*stored}
    ladder, tuned = (grown.store.record(key, Search) for key in stored)
    assert ladder.ladder is not None
    assert [one.declared for one in ladder.ladder.tried][:2] == ["Prior()", "Linear()"]
    assert len(_dump(tuned)["params"]) == 3


def test_its_page_has_the_table_the_pictures_and_what_to_do(grown: World) -> None:
    grown.declare(SMALL)
    sought = _sought(_search())
    shown = search_page(grown.store, grown.project, sought)
    text = shown.markdown
    assert shown.sentence.startswith("Families")
    parts = [line[4:] for line in text.splitlines() if line.startswith("### ")]
    assert parts == ["Families", "Next", "Parameters", "Learning rate", "Next", "Then"]
    assert "| Linear() |" in text
    assert text.count("data:image/svg+xml;base64,") == 3
    assert "```python\nfrom tasks.families.linear import Linear\nfamily=Linear(),\n```" in text
    assert "\n\nThat is a change of recipe" in text, "a sentence, which wraps"
    assert end_of_search(grown.store, grown.project, sought).name.endswith("proposed")
    by_family, by_parameters = project_status(NAME)[0].proposed
    assert by_family == f"Linear(), searched as of {AS_OF}: driftloop card {NAME}"
    assert by_parameters.startswith("learning_rate=")
    grown.declare(f"family=Linear(), {SMALL}")
    assert project_status(NAME)[0].proposed == ()
    kept = end_of_search(grown.store, grown.project, {"ladder": sought["ladder"]})
    assert kept.name == "Recipe confirmed"


def test_too_little_history_is_no_failure_and_says_how_much_it_takes(young: World) -> None:
    before = young.files()
    assert search.fn(NAME) == ()
    assert young.files() == before
    sought: dict[Kind, Sought] = {"ladder": compare_families(young.project, day(YOUNG), 60)}
    ending = end_of_search(young.store, young.project, sought)
    assert ending.name == "Not yet"
    assert ending.sentence.startswith(f"{NAME}: a ladder needs 28 labelled nights")
    assert ending.sentence.endswith("--history")


def test_the_ladder_alone_is_searched_where_nothing_can_be_varied(grown: World) -> None:
    grown.declare(f"family=Prior(), {SMALL}")
    [key] = _search()
    sought: dict[Kind, Sought] = {
        "ladder": Sought(key),
        "tuned": search_parameters(grown.project, AS_OF, Budget(3, None, 60)),
    }
    assert (
        f"> {NAME}: Prior says of no field"
        in search_page(grown.store, grown.project, sought).markdown
    )


def test_a_look_is_due_once_and_then_when_the_rows_have_doubled(grown: World) -> None:
    grown.declare(SMALL)
    looks = look_at_searches(grown.store, grown.project, day(GROWN))
    assert {kind: look.is_due for kind, look in looks.items()} == {"ladder": True, "tuned": True}
    commit(grown, build_ladder(day(GROWN - 1), trained_rows=4_000))
    assert len(_search(only_if_due=True)) == 1, "parameters alone"
    newest = newest_search(grown.store, NAME, "ladder")
    assert newest is not None
    assert newest.as_of == day(GROWN - 1)
    commit(grown, build_tuning(day(GROWN), trained_rows=4_000))
    before = grown.files()
    assert search.fn(NAME, only_if_due=True) == ()
    assert grown.files() == before
    looks = look_at_searches(grown.store, grown.project, day(GROWN))
    assert no_search_due(looks).sentence == (
        f"No search is due. Families: what was found as of {day(GROWN - 1)} holds; "
        f"Parameters: what was found as of {day(GROWN)} holds."
    )
    commit(grown, build_tuning(day(GROWN), 2, trained_rows=2_000))
    looks = look_at_searches(grown.store, grown.project, day(GROWN))
    assert looks["tuned"].is_due


def test_what_was_searched_of_another_family_is_none_of_this_ones(grown: World) -> None:
    commit(grown, build_tuning(day(GROWN), trained_rows=4_000))
    grown.declare("family=Tree()")
    assert look_at_searches(grown.store, grown.project, day(GROWN))["tuned"].is_due
    grown.declare("family=Prior()")
    assert not look_at_searches(grown.store, grown.project, day(GROWN))["tuned"].is_due


@pytest.mark.parametrize("champion", [True, False])
def test_the_schedule_waits_for_a_champion_and_nights_enough(
    request: pytest.FixtureRequest, champion: bool
) -> None:
    world: World = request.getfixturevalue("young" if champion else "world")
    if not champion:
        world.deliver_all(range(3))
        world.history(0, 2)
    look = look_at_searches(world.store, world.project, day(YOUNG))["ladder"]
    assert not look.is_due
    assert look.why == (
        "needs 28 labelled nights, and the champion knows 20"
        if champion
        else "waits for the first champion"
    )
