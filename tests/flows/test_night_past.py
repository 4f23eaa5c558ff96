"""Features from past nights: equal in training and scoring, and blind for what came later."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from schemas.batch import Batch
from schemas.model import Card
from tasks.engine import summaries
from tasks.engine.past import Known, with_past
from tasks.engine.records import newest
from tasks.engine.rows import load_rows
from tasks.engine.usable import labelled_rows, usable_nights
from tasks.store import keys
from tests.building.fixtures import YOUNG
from tests.building.project import NAME, build_project
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World

NEXT = YOUNG + 1
LOOKS_BACK = (
    "past=(PastNights(name='shop_rate', by=('shop',), of='returned', statistic='mean', nights=7),"
    " PastNights(name='shop_orders', by=('shop',), statistic='count', nights=7)),"
    " features=(Numbers(columns=(*NUMBERS, 'shop_rate', 'shop_orders')),"
    " Categories(columns=('shop',)))"
)


def scored_rows(world: World, number: int) -> pd.DataFrame:
    """A night's rows as its champion sees them now."""
    found = newest(world.store, Batch, NAME, day(number))
    assert found is not None
    rows = load_rows(world.store, world.project, found[1])
    before = Known(world.store, NAME).before(world.project, day(number))
    return with_past(world.store, world.project, rows, before)


def trained_rows(world: World, number: int, as_of: int) -> pd.DataFrame:
    """The same night's rows as a retrain on night `as_of` has them."""
    nights = usable_nights(world.store, world.project, day(as_of), frozenset())
    [night] = [night for night in nights if night.as_of == day(number)]
    return labelled_rows(world.store, world.project, night)


@pytest.fixture
def looking(world: World) -> World:
    """A world whose first champion looks back, one night before `NEXT`."""
    world.declare(LOOKS_BACK)
    world.deliver_all(range(YOUNG))
    world.history(0, YOUNG - 1)
    world.live(YOUNG)
    return world


def test_a_champion_looks_back_and_scores(looking: World) -> None:
    night = looking.live(NEXT)
    assert night.predictions is not None
    card = looking.store.record(keys.card(NAME, looking.champion or ""), Card)
    assert [one["name"] for one in card.recipe["past"]] == ["shop_rate", "shop_orders"]


def test_rates_and_counts_are_those_of_the_nights_before(looking: World) -> None:
    rows = scored_rows(looking, YOUNG)
    seen = [(build_orders(n), build_labels(n, build_orders(n))) for n in range(YOUNG - 7, YOUNG)]
    joined = pd.concat([orders.merge(labels, on="row_key") for orders, labels in seen])
    rates = joined.groupby("shop")["returned"].mean()
    np.testing.assert_allclose(rows["shop_rate"], rows["shop"].map(rates), rtol=1e-12)
    assert list(rows["shop_orders"]) == list(rows["shop"].map(joined["shop"].value_counts()))


def test_training_and_scoring_see_equal_bits(looking: World) -> None:
    for number in range(NEXT, NEXT + 4):
        looking.live(number)
    at_scoring = {n: scored_rows(looking, n) for n in range(NEXT, NEXT + 3)}
    looking.forget()
    summaries.forget()
    for number, rows in at_scoring.items():
        trained = trained_rows(looking, number, NEXT + 3)
        for name in ("shop_rate", "shop_orders"):
            assert rows[name].to_numpy().tobytes() == trained[name].to_numpy().tobytes()


def test_labels_of_the_night_itself_and_of_nights_after_it_change_nothing(looking: World) -> None:
    looking.live(NEXT)
    before = scored_rows(looking, NEXT)
    for number in (NEXT, NEXT + 1):
        looking.label(number, build_labels(number, build_orders(number)).assign(returned=1))
    looking.deliver(NEXT + 1)
    looking.night(NEXT + 1)
    pd.testing.assert_frame_equal(scored_rows(looking, NEXT), before)


def test_labels_that_came_late_are_not_seen_by_rows_that_were_scored_without_them(
    looking: World,
) -> None:
    looking.deliver(NEXT)
    looking.night(NEXT)  # the labels of YOUNG did not come
    before = scored_rows(looking, NEXT)
    looking.label(YOUNG)
    looking.live(NEXT + 1)
    pd.testing.assert_frame_equal(scored_rows(looking, NEXT), before)
    with_them = scored_rows(looking, NEXT + 1)
    assert with_them["shop_rate"].nunique() == 3


def test_corrected_labels_change_no_row_that_was_scored_before_they_came(looking: World) -> None:
    looking.live(NEXT)
    looking.live(NEXT + 1)

    def ids(as_of: int) -> dict[date, str]:
        nights = usable_nights(looking.store, looking.project, day(as_of), frozenset())
        return {night.as_of: night.past.id for night in nights}

    before = ids(NEXT + 1)
    labels = build_labels(NEXT, build_orders(NEXT))
    looking.label(NEXT, labels.assign(returned=1 - labels["returned"]))
    looking.live(NEXT + 2)
    after = ids(NEXT + 2)
    assert {night for night in before if before[night] != after[night]} == set()


@pytest.mark.parametrize(
    ("past", "message"),
    [
        ({"name": "amount", "statistic": "count"}, "names of other columns"),
        ({"name": "x", "by": ("town",), "statistic": "count"}, r"no column \['town'\]"),
        ({"name": "x", "of": "age", "statistic": "mean"}, r"no column \['age'\]"),
    ],
)
def test_a_look_back_at_what_is_not_there_is_refused(past: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        build_project(past=(past,))
