"""Before a version is promoted, the store itself is asked for all that its card names."""

import pytest

from schemas.errors import Missing
from schemas.model import Card
from tasks.engine.closure import check_closure
from tasks.store import keys
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.world import World


def test_every_object_of_a_card_is_asked_for(young: World) -> None:
    version = young.champion
    assert version
    check_closure(young.store, NAME, version)
    card = young.store.record(keys.card(NAME, version), Card)
    served = [card.reference, card.reference_sample, card.members[0].model]
    for ref in (*served, card.stand_in[0].features):
        path = young.root / "store" / ref.key
        whole = path.read_bytes()
        path.unlink()
        with pytest.raises(Missing, match=ref.key):
            check_closure(young.store, NAME, version)
        path.write_bytes(whole[1:])
        with pytest.raises(Missing, match=ref.key):
            check_closure(young.store, NAME, version)
        path.write_bytes(whole)


def test_a_version_can_serve_without_its_stand_in(young: World) -> None:
    version = young.champion
    assert version
    card = young.store.record(keys.card(NAME, version), Card)
    (young.root / "store" / card.stand_in[0].model.key).unlink()
    check_closure(young.store, NAME, version, stand_in=False)
    with pytest.raises(Missing):
        check_closure(young.store, NAME, version)


def test_a_promotion_whose_objects_are_gone_is_not_made(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def collect_meanwhile(*_: object) -> None:
        reference = max(young.files("models").keys() - before.keys())
        card = young.store.record(reference, Card)
        young.store.delete(card.reference.key)

    before = young.files("models")
    for number in (YOUNG + 1, YOUNG + 2):
        young.live(number)
    monkeypatch.setattr("tasks.engine.promote.check_closure", _after(collect_meanwhile))
    young.live(YOUNG + 3)
    last = young.judgements(YOUNG + 3)[-1]
    assert last.outcome == "failed"
    assert "is gone from the store" in last.sentence
    assert [move for move, _ in young.moves()] == ["promote"]


def _after(happens: object) -> object:
    def check(*arguments: object, **options: object) -> None:
        assert callable(happens)
        happens()
        check_closure(*arguments, **options)  # type: ignore[arg-type]  # as they were given

    return check
