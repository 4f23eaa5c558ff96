"""The first champion, and what holds of every retrain: who knows which nights."""

import numpy as np
import pytest

from flows.ingest import ingest
from flows.promote import promote
from schemas.errors import NotYet
from schemas.model import Card
from tasks.store import keys
from tasks.store.ledger import entries
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World


def deliver_unlearnable(world: World, number: int) -> None:
    """Orders whose labels have nothing to do with them."""
    world.deliver(number)
    draw = np.random.default_rng(number)
    labels = build_labels(number, build_orders(number))
    world.label(number, labels.assign(returned=draw.integers(0, 2, size=len(labels))))


def card_of(world: World, version: str) -> Card:
    return world.store.record(keys.card(NAME, version), Card)


def test_a_first_champion_comes_from_28_labelled_nights(world: World) -> None:
    world.declare("policy={'min_nights': 28, 'min_rows': 1000}")
    world.deliver_all(range(28))
    world.history(0, 26)
    states = []
    for number in (27, 28):
        world.deliver_all([number])
        states.append(world.night(number).decision.state)
    assert states == ["No champion yet", "Retrain due"]
    assert world.moves() == [("promote", day(28))]
    judgement = world.judgements()[0]
    assert judgement.contest is not None
    assert (judgement.retrain, len(judgement.contest.nights)) == ("first", 6)
    assert {verdict.gate for verdict in judgement.verdicts} == {"beats_prior"}


def test_a_first_challenger_no_better_than_the_constant_is_refused_and_a_person_may_promote_it(
    world: World,
) -> None:
    for number in range(33):
        deliver_unlearnable(world, number)
    world.history(0, 32)
    world.deliver(33)
    night = world.night(33)
    assert (night.decision.retrain, world.judgements()[0].outcome) == ("first", "refused")
    assert world.champion is None
    entry = promote.fn(NAME, "better than nothing", "ann")
    assert entry.reason == "better than nothing"
    assert world.live(34).predictions is not None


def test_without_nights_to_fit_on_a_person_is_told_so(world: World) -> None:
    world.deliver_all(range(4))
    world.history(0, 3)
    with pytest.raises(NotYet, match="usable nights"):
        promote.fn(NAME, "impatience", "ann")
    assert world.moves() == []


def test_gate_nights_are_in_neither_judged_model_and_all_in_the_served_one(young: World) -> None:
    for number in range(YOUNG + 1, YOUNG + 11):
        young.live(number)
    promoted = entries(young.store, NAME)
    assert len(promoted) >= 3
    for before, entry in zip([None, *promoted], promoted, strict=False):
        card = card_of(young, entry.version or "")
        judgement = next(j for j in young.judgements() if j.digest == entry.judgement_digest)
        assert judgement.contest is not None
        assert judgement.challenger is not None
        gate = {night.as_of for night in judgement.contest.nights}
        assert judgement.challenger.last_night < min(gate)
        assert [fit.id for fit in card.stand_in] == [judgement.challenger.id]
        assert card.members[0].last_night == max(gate)
        assert card.members[0].nights == judgement.challenger.nights + len(gate)
        if before is not None:
            rival = card_of(young, before.version or "").stand_in[0]
            assert judgement.rival == (rival.id,)
            assert rival.last_night < min(gate)


def test_a_challenger_that_an_earlier_refresh_fitted_is_not_fitted_again(young: World) -> None:
    for number in range(YOUNG + 1, YOUNG + 13):
        young.live(number)
    costs = [judgement.row_rounds for judgement in young.judgements()]
    assert costs[0] > 0
    assert costs[-1] == 0, "gate nights are a multiple of the interval: the refit of two before"


def test_what_a_refit_that_disagrees_with_the_judged_model_leads_to(
    young: World,
) -> None:
    young.declare("policy={'agreement_limit': 0.000001}")
    before = young.champion
    for number in range(YOUNG + 1, YOUNG + 5):
        young.live(number)
    assert [judgement.outcome for judgement in young.judgements()[1:]] == ["passed", "failed"]
    assert "differ from the judged challenger's" in young.judgements()[-1].sentence
    assert young.champion == before
    assert young.recorded(YOUNG + 4).trigger.refused_in_a_row == 1


def test_a_judgement_on_labels_that_were_corrected_since_is_not_carried_out(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = young.champion
    with monkeypatch.context() as patch:
        patch.setattr("tasks.engine.promote.settle_attempt", lambda *_: "")
        for number in range(YOUNG + 1, YOUNG + 4):
            young.live(number)
    labels = build_labels(8, build_orders(8))
    young.label(8, labels.assign(returned=1 - labels["returned"]))
    ingest.fn(NAME, day(9))
    young.live(YOUNG + 4)
    judged = young.judgements(YOUNG + 3)
    assert [judgement.outcome for judgement in judged] == ["passed", "failed"]
    assert "nights have changed since the judgement" in judged[-1].sentence
    assert young.champion == before


def test_without_a_delay_the_labels_of_the_night_itself_count_tonight(world: World) -> None:
    world.declare("label_delay=0")
    world.deliver_all([0])
    assert world.night(0).decision.sentence.startswith("No champion yet: 1 of 14 labelled")
