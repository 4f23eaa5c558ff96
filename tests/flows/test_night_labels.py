"""Labels that come late, in part, contradictory, corrected, in one class or not at all."""

from datetime import date

import pandas as pd
import pytest

from schemas.labels import Labels
from schemas.model import Card
from schemas.monitoring import Fault
from tasks.engine.fits import training_set_id
from tasks.engine.records import newest
from tasks.engine.standing import night_of
from tasks.engine.usable import usable_nights
from tasks.store import keys
from tasks.telling.line import Line
from tasks.telling.nights import tell_night
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.source import LABELS
from tests.building.world import World

NEXT = YOUNG + 1


def labels_of(world: World, number: int) -> Labels:
    """The newest labels of a night."""
    found = newest(world.store, Labels, NAME, day(number))
    assert found is not None
    return found[1]


def usable(world: World, number: int) -> set[date]:
    """The nights that could train and judge on night `number`."""
    nights = usable_nights(world.store, world.project, day(number), frozenset())
    return {night.as_of for night in nights}


def go_on(world: World, number: int) -> None:
    """A night whose labels of the night before did not come."""
    world.deliver(number)
    world.night(number)


def test_without_labels_quality_is_not_yet_known_and_refreshes_wait_for_new_data(
    young: World,
) -> None:
    for number in range(NEXT, NEXT + 4):
        go_on(young, number)
    night = young.recorded(NEXT + 3)
    assert (night.evidence.quality.state, night.evidence.quality.coverage) == ("not_yet_known", 0)
    assert night.decision.state == "No new data"
    assert len(young.judgements()) == 1


def test_labels_that_stay_away_alert_past_their_delay_and_clear_when_they_come(
    young: World,
) -> None:
    young.declare("policy={'label_alert': 2}")
    alerts = {}
    for number in range(NEXT, NEXT + 5):
        young.deliver(number)
        alerts[number] = [alert.kind for alert in young.night(number).decision.alerts]
    told = {number: kinds for number, kinds in alerts.items() if kinds}
    assert told == {NEXT + 2: ["labels"]}, "complete up to the night before YOUNG: 3 behind"
    for number in range(YOUNG, NEXT + 5):
        young.label(number)
    night = young.live(NEXT + 5)
    assert (night.evidence.quality.labels_behind, night.trigger.alerted) == (0, ())
    assert len(night.labels) == 6
    assert night.decision.retrain == "refresh"


def test_late_labels_make_their_night_usable_when_they_come(young: World) -> None:
    young.live(NEXT)
    go_on(young, NEXT + 1)
    assert day(NEXT) not in usable(young, NEXT + 1)
    young.label(NEXT)
    night = young.live(NEXT + 2)
    assert {day(NEXT), day(NEXT + 1)} <= usable(young, NEXT + 2)
    assert len(night.labels) == 2


def test_labels_before_their_delay_count_for_nothing_yet(young: World) -> None:
    young.declare("label_delay=2")
    young.label(YOUNG)
    go_on(young, NEXT)
    assert newest(young.store, Labels, NAME, day(YOUNG)) is None
    go_on(young, NEXT + 1)
    assert keys.labels(NAME, day(YOUNG), 1) in young.recorded(NEXT + 1).labels


def test_labels_of_too_few_rows_leave_the_night_open_until_the_rest_comes(young: World) -> None:
    orders = build_orders(YOUNG)
    young.label(YOUNG, build_labels(YOUNG, orders).head(35))
    go_on(young, NEXT)
    assert young.recorded(NEXT).evidence.quality.coverage == 35 / 40
    assert day(YOUNG) not in usable(young, NEXT)
    young.label(YOUNG, build_labels(YOUNG, orders).head(36))
    go_on(young, NEXT + 1)
    assert day(YOUNG) in usable(young, NEXT + 1)
    assert (labels_of(young, YOUNG).revision, labels_of(young, YOUNG).kept) == (2, 36)


def test_contradictory_invalid_repeated_and_strange_labels_are_counted_and_left_out(
    young: World,
) -> None:
    sound = build_labels(YOUNG, build_orders(YOUNG))
    torn = sound.head(1).assign(returned=1 - sound["returned"].iloc[0])
    invalid = sound.iloc[1:2].assign(returned=7)
    stranger = pd.DataFrame({"row_key": ["unknown"], "returned": [1]})
    rest = sound.drop(index=1)
    young.label(YOUNG, pd.concat([rest, torn, invalid, stranger, rest.tail(2)]))
    go_on(young, NEXT)
    labels = labels_of(young, YOUNG)
    told = labels.contradictory, labels.invalid, labels.repeated, labels.unknown
    assert (labels.read, labels.kept, *told) == (44, 38, 2, 1, 2, 1)
    night = night_of(young.store, NAME, day(NEXT))
    assert night is not None
    assert Line(
        "labels",
        f"38 of 44 labels of {day(YOUNG)} in use; 2 of keys with two values, 1 invalid, 1 of keys "
        "that no row has (returned: not a label, 1 times, such as 7)",
    ) in tuple(tell_night(young.store, night[0]))


@pytest.mark.parametrize("text", ['row_key,returned\n"torn', "row_key,came_back\n1,0\n", ""])
def test_labels_that_cannot_be_read_count_as_not_delivered_and_stop_nothing(
    young: World, text: str
) -> None:
    (young.root / "landing" / f"{day(YOUNG)}{LABELS}").write_text(text)
    go_on(young, NEXT)
    assert young.recorded(NEXT).evidence.quality.coverage == 0
    young.label(YOUNG)
    young.live(NEXT + 1)
    assert day(YOUNG) in usable(young, NEXT + 1)


def test_corrected_labels_are_a_new_revision_and_another_training_set(young: World) -> None:
    young.live(NEXT)
    before = usable_nights(young.store, young.project, day(NEXT), frozenset())
    sound = build_labels(YOUNG, build_orders(YOUNG))
    young.label(YOUNG, sound.assign(returned=1 - sound["returned"]))
    night = young.live(NEXT + 1)
    after = usable_nights(young.store, young.project, day(NEXT), frozenset())
    assert keys.labels(NAME, day(YOUNG), 2) in night.labels
    assert [n.as_of for n in before] == [n.as_of for n in after]
    assert training_set_id(before) != training_set_id(after)


def test_a_night_reissued_after_its_labels_came_keeps_the_labels_of_all_its_rows(
    young: World,
) -> None:
    orders = build_orders(NEXT, rows=60)
    young.deliver(NEXT, orders.head(40))
    young.label(YOUNG)
    young.night(NEXT)
    young.label(NEXT, build_labels(NEXT, orders))
    young.deliver(NEXT + 1)
    young.night(NEXT + 1)
    assert labels_of(young, NEXT).kept == 40
    young.deliver(NEXT, orders)
    young.live(NEXT + 2)
    assert labels_of(young, NEXT).kept == 60
    assert day(NEXT) in usable(young, NEXT + 2)


def test_a_reissued_night_is_scored_anew_before_its_quality_is_told(young: World) -> None:
    young.live(NEXT)
    young.live(NEXT + 1)
    young.deliver(NEXT, build_orders(NEXT).assign(row_key=[f"new-{n}" for n in range(40)]))
    young.label(NEXT)
    night = young.live(NEXT + 2)
    assert day(NEXT) in usable(young, NEXT + 2)
    assert night.evidence.quality.coverage == 1.0


def test_labels_of_one_class_train_no_first_champion_until_another_class_comes(
    world: World,
) -> None:
    for number in range(30):
        orders = world.deliver(number)
        world.label(number, build_labels(number, orders).assign(returned=0))
    world.history(0, 29)
    world.deliver(30)
    night = world.night(30)
    assert (night.decision.state, world.judgements()) == ("One class only", [])
    world.deliver_all(range(30, 48))
    world.history(31, 47)
    world.live(48)
    assert world.champion is not None


def test_a_training_window_of_one_class_is_no_refusal(world: World) -> None:
    for number in range(40):
        orders = world.deliver(number)
        labels = build_labels(number, orders)
        world.label(number, labels.assign(returned=0) if number < 34 else labels)
    world.history(0, 39)
    world.deliver(40)
    world.night(40)
    assert [j.outcome for j in world.judgements()] == ["one_class"]
    world.live(41)
    assert world.recorded(41).trigger.refused_in_a_row == 0


def test_gate_nights_of_one_class_leave_a_metric_floor_undecided(world: World) -> None:
    world.declare("gates=(NotWorse(), MetricFloor(metric='auc', minimum=0.6))")
    for number in range(34):
        orders = world.deliver(number)
        labels = build_labels(number, orders)
        world.label(number, labels.assign(returned=0) if number >= 28 else labels)
    world.history(0, 33)
    world.deliver(34)
    world.night(34)
    assert [j.outcome for j in world.judgements()] == ["undecided"]
    assert world.champion is None
    for number in range(35, 39):
        world.live(number)
    assert [j.outcome for j in world.judgements()] == ["undecided", "passed"]
    assert world.champion is not None


def test_faulty_labels_stay_out_of_training_until_they_are_corrected(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault(column="returned", kind="label outside", share=1.0, limit=0.15)
    monkeypatch.setattr(
        "tasks.engine.outcomes.label_faults",
        lambda _, labels, __: (fault,) if labels.min() == 1 else (),
    )
    sound = build_labels(YOUNG, build_orders(YOUNG))
    young.label(YOUNG, sound.assign(returned=1))
    go_on(young, NEXT)
    night = young.recorded(NEXT)
    assert night.trigger.faulty == (day(YOUNG),)
    assert [alert.kind for alert in night.decision.alerts] == ["fault"]
    assert night.decision.state != "Data fault", "tonight's own rows are sound"
    assert night.evidence.plan.usable == YOUNG
    young.label(YOUNG, sound)
    corrected = young.live(NEXT + 1)
    assert corrected.trigger.faulty == ()
    assert corrected.evidence.plan.usable == YOUNG + 2


def test_the_champions_card_names_the_nights_it_knows(young: World) -> None:
    assert young.champion is not None
    card = young.store.record(keys.card(NAME, young.champion), Card)
    assert card.members[0].nights == YOUNG
