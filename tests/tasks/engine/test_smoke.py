"""A stored model is loaded in a process of its own before it may serve."""

from pathlib import Path

import pytest

from schemas.errors import ModelUnusable
from schemas.model import Card
from tasks.engine.fits import predict
from tasks.engine.smoke import check_in_child
from tasks.store import Store, keys
from tests.building.rows import build_orders
from tests.building.world import World


@pytest.fixture
def card(young: World) -> Card:
    """The first champion's card."""
    return young.store.record(keys.card("shop", str(young.champion)), Card)


def test_the_child_predicts_what_was_predicted_here(young: World, card: Card) -> None:
    check_in_child(young.store, young.project, card.members, build_orders(50))


def test_another_prediction_is_refused(
    young: World, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = build_orders(50)
    here = predict(young.store, young.project, card.members, orders) + 0.01
    monkeypatch.setattr("tasks.engine.smoke.predict", lambda *_: here)
    with pytest.raises(ModelUnusable, match="predicts something else"):
        check_in_child(young.store, young.project, card.members, orders)


def test_a_model_that_kills_its_loader_leaves_the_parent_alive(
    young: World, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "model.ubj"
    damaged.write_bytes(b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner" + b"\xff" * 200)
    fetch = Store.fetch
    model = card.members[0].model
    monkeypatch.setattr(
        Store, "fetch", lambda self, ref: damaged if ref == model else fetch(self, ref)
    )
    with pytest.raises(ModelUnusable, match="could not be loaded in a process of its own"):
        check_in_child(young.store, young.project, card.members, build_orders(50))
