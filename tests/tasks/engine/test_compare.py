"""Two versions are compared on nights that neither knows, or it is said who knows which."""

import numpy as np
import pytest

from deployments.commands.decide import mark_bad, promote
from schemas.compared import Compared
from schemas.errors import Declined, InvalidName, ModelUnusable, NotYet
from tasks.core.metrics import row_losses
from tasks.engine.cards import card_of
from tasks.engine.compare import compare
from tasks.engine.fits import predict
from tasks.engine.revive import revive
from tasks.engine.usable import labelled_rows, usable_nights
from tasks.store.ledger import entries
from tasks.telling.compared import compared_paper
from tests.building.fixtures import SERVED, YOUNG
from tests.building.older import forget_training_sets
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World


def versions(world: World) -> list[str]:
    """All that ever served, oldest first."""
    return [entry.version for entry in entries(world.store, NAME) if entry.version]


def compared(world: World, one: str | None = None, other: str | None = None) -> Compared:
    """The first two versions, or those that are named."""
    world.forget()
    first, second = versions(world)[:2]
    return compare(world.store, world.project, one or first, other or second)


@pytest.fixture
def lived(served: World) -> World:
    """Five nights after the second promotion, which no later refresh changes."""
    served.declare("gates=(RefuseRefreshes(), BeatsPrior())")
    for number in range(SERVED + 1, SERVED + 6):
        served.live(number)
    assert len(versions(served)) == 2
    return served


def test_the_losses_are_those_of_both_models_on_nights_that_neither_knows(lived: World) -> None:
    before = lived.files()
    told = compared(lived)
    # the second was fitted on nights up to SERVED - 1; the newest night has no labels yet
    assert [night.as_of for night in told.nights] == [day(n) for n in range(SERVED, SERVED + 5)]
    nights = usable_nights(lived.store, lived.project, day(SERVED + 5), frozenset())
    frame = labelled_rows(lived.store, lived.project, nights[-1])
    target = frame["returned"].to_numpy(dtype=np.float64)
    for version, loss in zip(versions(lived), ("one", "other"), strict=True):
        card = card_of(lived.store, NAME, version)
        made_by = revive(lived.project, card)
        scores = predict(lived.store, made_by, card.members, frame)
        expected = float(row_losses("binary", target, scores).sum())
        assert getattr(told.nights[-1], loss) == pytest.approx(expected)
    assert told.gain is not None
    assert told.gain.lower < told.gain.gain < told.gain.upper
    rows = sum(night.rows for night in told.nights)
    sums = sum(night.one - night.other for night in told.nights)
    assert told.gain.gain == pytest.approx(sums / rows)
    assert told.one.metrics["log_loss"] - told.other.metrics["log_loss"] == pytest.approx(
        told.gain.gain
    )
    assert lived.files() == before


def test_the_other_way_round_the_gain_changes_its_sign(lived: World) -> None:
    one, other = versions(lived)
    told, turned = compared(lived), compared(lived, other, one)
    assert told.gain is not None
    assert turned.gain is not None
    assert turned.gain.gain == pytest.approx(-told.gain.gain)
    assert turned.gain.upper == pytest.approx(-told.gain.lower)


def test_without_a_common_unseen_night_it_says_which_are_new_to_whom(served: World) -> None:
    told = compared(served)
    assert told.nights == ()
    assert told.gain is None
    assert told.one.unseen == tuple(day(n) for n in range(YOUNG, SERVED))
    assert told.other.unseen == ()
    paper = compared_paper(told)
    assert paper.lead.startswith("There is no labelled night that neither was trained on")
    [nights] = [part for part in paper.sections if part.title == "Nights"]
    assert f"new to it of the labelled nights: {SERVED - YOUNG} nights" in str(nights.blocks)
    assert "new to it of the labelled nights: no night" in str(nights.blocks)


def test_data_recipe_and_gains_that_differ_are_named(lived: World) -> None:
    lived.deliver(YOUNG - 1, build_orders(YOUNG - 1, shift=0.1))
    lived.label(YOUNG - 1, build_labels(YOUNG - 1, build_orders(YOUNG - 1, shift=0.1)))
    lived.night(YOUNG - 1)
    lived.declare("rounds=9, features=(Numbers(columns=('amount', 'hour')),)")
    promote(NAME, override=True, reason="a test of two recipes", json=True)
    told = compared(lived, versions(lived)[0], versions(lived)[-1])
    paths = {one.what: (one.one, one.other) for one in told.recipe}
    assert paths["family.n_rounds"] == ("5", "9")
    assert paths["features[1].columns"] == (
        '["amount", "hour", "wait", "income"]',
        '["amount", "hour"]',
    )
    data = {one.what: (one.one, one.other) for one in told.data}
    assert data[f"night {day(YOUNG - 1)}"] == ("batch r01, labels r01", "batch r02, labels r01")
    assert told.gains_of[1] is None
    assert told.gains[0].feature == "amount"


def test_nights_that_are_bad_judge_nobody(lived: World) -> None:
    mark_bad(NAME, str(day(SERVED + 1)), reason="the feed was wrong")
    assert day(SERVED + 1) not in [night.as_of for night in compared(lived).nights]


def test_an_old_store_goes_by_the_first_and_last_night(lived: World) -> None:
    forget_training_sets(lived)
    told = compared(lived)
    assert len(told.nights) == 5
    assert "not recorded" in str(told.data)


def test_wrong_versions_get_one_clear_message_each(lived: World) -> None:
    one, other = versions(lived)
    with pytest.raises(InvalidName, match=f"{one} is named twice"):
        compared(lived, one, one)
    with pytest.raises(NotYet, match="there is no model version v0000000000000000"):
        compared(lived, one, "v0000000000000000")
    with pytest.raises(InvalidName, match="model version"):
        compared(lived, one, "../..")
    lived.declare("contract=OrdersWithoutWait, features=(Numbers(columns=('amount', 'hour')),)")
    with pytest.raises(ModelUnusable, match="needs columns \\['wait'\\]"):
        compared(lived, one, other)


def test_other_questions_are_not_compared(lived: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def of_two_tasks(*asked: object) -> object:
        card = card_of(*asked)  # type: ignore[arg-type]
        return card.model_copy(update={"task": "regression"}) if asked[2] == other else card

    _, other = versions(lived)
    monkeypatch.setattr("tasks.engine.compare.card_of", of_two_tasks)
    with pytest.raises(Declined, match="answer the same question"):
        compared(lived)
