"""groups= on a running project: refreshes, changes, what people are told."""

import pandas as pd
import pytest

from tasks.core.rolling import NIGHTS
from tasks.store import keys
from tasks.telling.retrain_page import retrain_page
from tasks.telling.retrains import tell_judgement
from tests.building.customers import (
    GROUPED,
    begin,
    build_customers,
    card_of,
    deliver_customers,
    first_of,
    held_out,
    live,
)
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


def test_groups_declared_later_refit_the_stand_in_so_that_neither_knows_who_judges(
    world: World,
) -> None:
    world.declare("contract=OrdersOfCustomers")
    for number in range(YOUNG + 1):
        deliver_customers(world, number)
    world.history(0, YOUNG - 1)
    world.night(YOUNG)
    knew = card_of(world).stand_in[0]
    assert knew.without_groups is None
    world.declare(GROUPED)
    live(world, YOUNG + 1, YOUNG + 6)
    _, then, after = world.judgements()
    assert [then.retrain, after.retrain] == ["refresh", "refresh"]
    assert then.rival not in ((knew.id,), ())
    assert then.challenger is not None
    assert then.outcome == "passed"
    assert after.rival == (then.challenger.id,), (
        "from then on the stand-in is an earlier challenger"
    )
    assert card_of(world).stand_in[0].without_groups == "customer"


def test_refreshes_go_on_and_the_quality_null_is_of_all_customers(world: World) -> None:
    begin(world)
    live(world, YOUNG + 1, YOUNG + 6)
    assert [(j.retrain, j.outcome) for j in world.judgements()] == [
        ("first", "passed"),
        ("refresh", "passed"),
        ("refresh", "passed"),
    ]
    newest = card_of(world).quality_null[-1]
    assert newest.rows == len(build_customers((newest.as_of - day(0)).days))


def test_people_are_told_who_judged(world: World) -> None:
    first = first_of(begin(world))
    assert first.contest is not None
    assert first.contest.held_out is not None
    rows = sum(night.rows for night in first.contest.nights)
    [said] = [line.text for line in tell_judgement(first) if line.step == "gate"]
    groups = first.contest.held_out.groups
    assert said.endswith(
        f"judged on {rows:,} rows of {groups} held-out groups of customer, which neither judged "
        "model knows"
    )
    page = retrain_page(world.store, world.project, keys.judgement(NAME, day(YOUNG), 1)).markdown
    assert said in page
    assert "without the held-out groups of customer" in page
    for number in range(YOUNG):
        for customer in build_customers(number)["customer"].unique():
            assert customer not in page, "values stay out"


def test_same_past_cut_offs_are_judged_by_held_out_customers_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.engine.recutting.CUTS", cuts := 4)
    last = 2 * cuts * NIGHTS + 1
    world.declare(GROUPED)
    for number in range(last + 1):
        deliver_customers(world, number)
    world.history(0, last - 2)
    world.night(last - 1)
    world.declare(f"{GROUPED}, rounds=1")
    night = world.night(last)
    assert night.decision.retrain == "change", night.decision.sentence
    _, change = world.judgements()
    assert (change.retrain, change.outcome) == ("change", "refused")
    assert change.contest is not None
    assert change.contest.held_out is not None
    assert len(change.contest.nights) == cuts * NIGHTS
    judged = [build_customers((night.as_of - day(0)).days) for night in change.contest.nights]
    customers = pd.concat(rows[held_out(rows)] for rows in judged)["customer"]
    assert change.contest.held_out.groups == customers.nunique()
    rows = sum(bundle.rows for bundle in change.contest.held_out.bundles)
    assert rows == len(customers) == sum(night.rows for night in change.contest.nights)
