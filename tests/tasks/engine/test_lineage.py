"""Lineage names the very revisions that a model saw, and says so where nobody recorded them."""

import shutil
from datetime import date

import pytest

from schemas.errors import NotYet
from schemas.lineage import ModelLineage, NightUsed
from schemas.model import Card
from tasks.engine.fits import training_set_id
from tasks.engine.keeping.holders import find_versions
from tasks.engine.lineage import Lineage
from tasks.engine.training_set import NOT_RECORDED
from tasks.engine.usable import usable_nights
from tasks.store import keys
from tasks.store.ledger import entries
from tasks.store.verify import verify
from tests.building.fixtures import SERVED
from tests.building.older import forget_training_sets
from tests.building.project import NAME
from tests.building.rows import build_orders, day
from tests.building.world import World

LAST = SERVED - 1
"""The newest night that the second champion was trained on."""


def lineage(world: World) -> Lineage:
    return Lineage(world.store, NAME)


def champion(world: World) -> ModelLineage:
    assert world.champion is not None
    return lineage(world).of_model(world.champion)


def used(told: ModelLineage, night: date) -> NightUsed:
    (found,) = [one for one in told.fits[0].trained_on or () if one.night == night]
    return found


def redeliver(world: World, number: int) -> None:
    """Other rows for a night that models have seen, taken in by the next night's recheck."""
    world.deliver(number, build_orders(number, shift=0.1))


def test_a_model_is_followed_down_to_the_files_of_each_night(served: World) -> None:
    told = champion(served)
    nights = told.fits[0].trained_on
    assert nights is not None
    assert [one.night for one in nights] == [day(number) for number in range(LAST + 1)]
    newest = nights[-1]
    assert (newest.batch.key, newest.labels.key) == (
        keys.batch(NAME, day(LAST), 1),
        keys.labels(NAME, day(LAST), 1),
    )
    assert newest.batch.files[0] == served.project.source.fingerprint(day(LAST))[0]
    assert [one.seq for one in told.moves] == [2]
    assert told.judgement == keys.judgement(NAME, day(SERVED), 1)
    assert set(told.gate) == {day(number) for number in range(LAST - 5, LAST + 1)}


def test_the_recorded_nights_are_those_that_the_training_sets_digest_is_of(served: World) -> None:
    card = served.store.record(keys.card(NAME, str(served.champion)), Card)
    usable = usable_nights(served.store, served.project, day(SERVED), frozenset())
    fits = zip(champion(served).fits, (usable, usable[:-6]), strict=True)
    for fit, nights in fits:
        assert fit.training_set == training_set_id(nights)
        assert [one.batch.id for one in fit.trained_on or ()] == [n.batch.id for n in nights]
    assert len(card.to_bytes()) < 6_000, "the lists are objects of their own"


def test_a_batch_that_was_revised_later_is_not_named_for_a_model_that_saw_the_earlier_one(
    served: World,
) -> None:
    old = str(served.champion)
    redeliver(served, LAST)
    for number in range(SERVED + 1, SERVED + 4):
        served.live(number)
    assert served.champion != old
    before, now = lineage(served).of_model(old), champion(served)
    assert used(before, day(LAST)).batch.key == keys.batch(NAME, day(LAST), 1)
    assert not used(before, day(LAST)).batch.newest
    assert used(now, day(LAST)).batch.key == keys.batch(NAME, day(LAST), 2)
    models = {model.version: model for model in lineage(served).of_night(day(LAST)).models}
    assert models[old].uses[0].batch == keys.batch(NAME, day(LAST), 1)
    assert models[now.version].uses[0].batch == keys.batch(NAME, day(LAST), 2)


def test_a_night_names_who_was_trained_and_judged_on_it_and_what_became_of_them(
    served: World,
) -> None:
    served.live(SERVED + 1)
    first, second = [str(entry.version) for entry in entries(served.store, NAME)]
    told = lineage(served).of_night(day(LAST))
    (model,) = told.models
    assert (model.version, [use.role for use in model.uses]) == (second, ["served", "gate"])
    assert [move.seq for move in model.moves] == [2]
    assert model.scored == (day(SERVED + 1),)
    assert [one.version for one in told.predictions] == [first]
    early = {model.version: model.uses for model in lineage(served).of_night(day(0)).models}
    assert {version: [use.role for use in uses] for version, uses in early.items()} == {
        first: ["served", "stand-in"],
        second: ["served", "stand-in"],
    }


def test_predictions_are_found_by_their_sha256_and_lead_to_their_model(served: World) -> None:
    scored = lineage(served).of_night(day(SERVED)).predictions[0]
    told = lineage(served).of_predictions(scored.sha256)
    assert told.records == (scored,)
    assert scored.batch is not None
    assert scored.batch.key == keys.batch(NAME, day(SERVED), 1)
    assert told.model == lineage(served).of_model(scored.version)
    with pytest.raises(NotYet, match="no record of predictions"):
        lineage(served).of_predictions("0" * 64)


def test_cards_that_list_no_nights_say_so_and_every_night_between_may_be_theirs(
    served: World,
) -> None:
    forget_training_sets(served)
    told = champion(served)
    assert [(fit.trained_on, fit.gap) for fit in told.fits] == [(None, NOT_RECORDED)] * 2
    (model,) = lineage(served).of_night(day(LAST)).models
    assert [(use.role, use.batch, use.gap) for use in model.uses] == [
        ("served", None, NOT_RECORDED),
        ("gate", None, ""),
    ]
    assert find_versions(served.store, NAME, [day(LAST)]) == (told.version,)
    assert verify(served.store, NAME) == []


def test_verify_misses_a_batch_that_a_model_was_trained_on(served: World) -> None:
    store = served.root / "store"
    shutil.rmtree(store / "nights")  # they name it as well
    lost = keys.batch(NAME, day(LAST), 1)
    (store / lost).unlink()
    served.forget()
    found = {one.key: one.detail for one in verify(served.store, NAME)}
    assert found[lost] == f"{keys.card(NAME, str(served.champion))} names it"


def test_a_lost_list_is_a_finding_and_a_gap(served: World) -> None:
    fit = served.store.record(keys.card(NAME, str(served.champion)), Card).members[0]
    assert fit.trained_on is not None
    (served.root / "store" / fit.trained_on.key).unlink()
    served.forget()
    (found,) = verify(served.store, NAME)
    assert (found.key, found.state) == (fit.trained_on.key, "missing")
    assert fit.trained_on.key in champion(served).fits[0].gap
