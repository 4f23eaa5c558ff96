"""An edited recipe or contract: refreshes pause, the edit is judged, and each way out."""

import pytest

from flows.promote import promote
from schemas.errors import Declined
from schemas.model import Card
from schemas.night import Night
from tasks.store import keys
from tests.building.fixtures import GROWN, YOUNG
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders
from tests.building.world import World

NEXT = YOUNG + 1
WORSE = "rounds=1"
VISITS = (
    "contract=OrdersWithVisits, features=(Numbers(columns=(*NUMBERS, 'visits')),"
    " Categories(columns=('shop',)))"
)


def card_of(world: World) -> Card:
    return world.store.record(keys.card(NAME, world.champion or ""), Card)


def live_until(world: World, first: int, last: int) -> list[Night]:
    """Usual nights from `first` to `last`."""
    return [world.live(number) for number in range(first, last + 1)]


def test_an_edited_recipe_pauses_refreshes_until_fourteen_newer_nights_judge_it(
    young: World,
) -> None:
    stand_in = card_of(young).stand_in[0]
    young.declare("rounds=30")
    nights = live_until(young, NEXT, NEXT + 7)
    pending = [night for night in nights if night.decision.state == "Change pending"]
    assert pending == nights[: len(pending)]
    assert [night.evidence.plan.nights_needed for night in pending] == [7, 6, 5, 4, 3, 2, 1]
    change = young.judgements()[-1]
    assert (change.retrain, change.cause.kind, change.recipe) == (
        "change",
        "change",
        young.project.recipe_digest,
    )
    assert change.challenger is not None
    assert change.contest is not None
    assert change.challenger.cut == stand_in.cut, "both know equally much"
    assert change.challenger.training_set == stand_in.training_set
    assert len(change.contest.nights) == 14
    assert len(young.judgements()) == 2


def test_a_better_recipe_is_promoted_and_refreshes_go_on(young: World) -> None:
    young.declare(WORSE)
    young.live(NEXT)
    promote.fn(NAME, "a poor start", "ann")
    young.declare("rounds=30, policy={'change_nights': 8}")
    live_until(young, NEXT + 1, NEXT + 5)
    outcomes = [(j.retrain, j.outcome) for j in young.judgements()[1:]]
    assert outcomes[0] == ("change", "passed")
    assert {kind for kind, _ in outcomes[1:]} == {"refresh"}
    assert card_of(young).recipe_digest == young.project.recipe_digest


def test_a_recipe_that_is_not_better_is_refused_once_and_undoing_it_goes_on(young: World) -> None:
    before = young.champion
    young.declare(f"{WORSE}, policy={{'change_nights': 8}}")
    nights = live_until(young, NEXT, NEXT + 4)
    assert young.judgements()[-1].outcome == "refused"
    assert nights[-1].decision.state == "Change refused"
    assert (young.champion, len(young.judgements())) == (before, 2)
    young.declare()
    undone = young.live(NEXT + 5)
    assert undone.decision.retrain == "refresh"


def test_undoing_a_pending_edit_goes_on_with_refreshes(young: World) -> None:
    young.declare("rounds=30")
    assert young.live(NEXT).decision.state == "Change pending"
    young.declare()
    assert "change" not in {
        night.decision.retrain for night in live_until(young, NEXT + 1, NEXT + 2)
    }
    assert young.judgements()[-1].retrain == "refresh"


def test_a_person_may_override_a_pending_change(young: World) -> None:
    young.declare("rounds=30")
    young.live(NEXT)
    entry = promote.fn(NAME, "we know better", "ann")
    assert (entry.actor, entry.reason) == ("ann", "we know better")
    night = young.live(NEXT + 1)
    assert night.decision.state != "Change pending"
    assert night.evidence.champion == entry.version
    assert card_of(young).recipe_digest == young.project.recipe_digest


def test_with_enough_history_other_parameters_are_judged_at_once_on_the_same_cut_offs(
    grown: World,
) -> None:
    grown.declare("rounds=1")
    night = grown.live(GROWN + 1)
    assert night.decision.retrain == "change"
    change = grown.judgements()[-1]
    assert change.contest is not None
    assert (len(change.contest.nights), change.outcome) == (56, "refused")


def test_a_dropped_column_stops_scoring_by_name_and_a_retrain_against_prior_follows(
    young: World,
) -> None:
    young.live(NEXT)
    young.declare("contract=OrdersWithoutWait, features=(Numbers(columns=('amount', 'hour')),)")
    night = young.live(NEXT + 1)
    assert night.predictions is None
    assert "needs columns ['wait']" in (night.evidence.unscorable or "")
    assert [alert.kind for alert in night.decision.alerts] == ["unscorable"]
    live_until(young, NEXT + 2, NEXT + 3)
    assert (young.judgements()[-1].retrain, young.judgements()[-1].outcome) == ("first", "passed")
    assert young.live(NEXT + 4).predictions is not None


def test_a_column_of_another_type_stops_scoring_and_old_nights_train_no_more(young: World) -> None:
    young.live(NEXT)
    young.declare(
        "contract=OrdersWithNamedHours, features=(Numbers(columns=('amount', 'wait')),"
        " Categories(columns=('hour', 'shop')))"
    )
    for number in range(NEXT + 1, NEXT + 4):
        young.label(number - 1, build_labels(number - 1, build_orders(number - 1)))
        named = build_orders(number).replace({"hour": dict.fromkeys(range(24), "noon")})
        young.deliver(number, named)
        night = young.night(number)
        assert night.predictions is None
        assert "could not convert string to float" in (night.evidence.unscorable or "")
    waiting = young.recorded(NEXT + 3)
    assert waiting.decision.state == "Champion cannot score"
    assert waiting.evidence.plan.usable == 2
    young.declare()
    young.deliver(NEXT + 4)
    assert young.night(NEXT + 4).predictions, "the edit undone is a way out"


def test_a_new_column_waits_for_as_many_nights_of_its_own_as_a_first_champion(
    world: World,
) -> None:
    world.declare("policy={'min_nights': 10, 'change_nights': 6}")
    world.deliver_all(range(14))
    world.history(0, 13)
    world.live(14)
    before = world.champion
    world.declare(VISITS + ", policy={'min_nights': 10, 'change_nights': 6}")
    for number in range(15, 31):
        visits = build_orders(number)["amount"].rank().astype(float)
        world.label(number - 1, build_labels(number - 1, build_orders(number - 1)))
        world.deliver(number, build_orders(number).assign(visits=visits))
        world.night(number)
        assert world.recorded(number).predictions, "the champion needs no new column"
    assert world.recorded(15).decision.state == "Change pending"
    assert world.recorded(29).evidence.plan.nights_needed == 2
    assert world.champion == before
    for number in (31, 32):
        world.label(number - 1)
        world.deliver(number, build_orders(number).assign(visits=1.0))
        world.night(number)
    judged = world.judgements()[-1]
    assert judged.retrain == "change"
    assert judged.contest is not None
    assert len(judged.contest.nights) == 6


@pytest.mark.usefixtures("young")
def test_without_newer_nights_there_is_nothing_to_override_with() -> None:
    with pytest.raises(Declined, match="no labelled night is newer"):
        promote.fn(NAME, "again", "ann")
