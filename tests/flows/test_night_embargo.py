"""Labels that come late: what was not known when the gate nights began trains no judged model."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.judgement import Judgement
from schemas.model import Card
from tasks.core.rolling import CUTS, NIGHTS
from tasks.engine.usable import UsableNight
from tasks.store import keys
from tasks.telling.retrain_page import retrain_page
from tasks.telling.retrains import tell_judgement
from tests.building.fixtures import GROWN, settle
from tests.building.project import NAME
from tests.building.rows import build_labels, build_orders, day
from tests.building.world import World

DELAY = 4
LATE = f"label_delay={DELAY}, policy={{'min_nights': 14}}"
KNOWN = 20
"""Nights of history; those up to `KNOWN - DELAY` have labels when night `KNOWN` is run."""


def late(world: World, flipped: range = range(0)) -> World:
    """Labels four nights late, and a first champion; some nights may have flipped labels."""
    world.declare(LATE)
    for number in range(KNOWN + 1):
        world.deliver(number)
        labels = build_labels(number, build_orders(number))
        if number in flipped:
            labels = labels.assign(returned=1 - labels["returned"])
        world.label(number, labels)
    world.history(0, KNOWN - 1)
    world.night(KNOWN)
    return world


def assert_under_embargo(judgement: Judgement) -> None:
    """The challenger knows no label that was not complete when the first gate night began."""
    assert judgement.challenger is not None
    assert judgement.contest is not None
    [first, *_] = judgement.contest.nights
    assert judgement.challenger.last_night + timedelta(days=DELAY) == first.as_of
    assert judgement.embargo == DELAY - 1


def test_a_first_champion_waits_for_the_nights_of_the_embargo_besides(world: World) -> None:
    world.declare(LATE)
    world.deliver_all(range(25))
    world.history(0, 18)
    waits = [world.night(number) for number in (19, 20)]
    assert [night.decision.state for night in waits] == ["No champion yet", "Retrain due"]
    said = "16 of 17 labelled nights (3 of them the embargo of the label delay)"
    assert said in waits[0].decision.sentence
    assert_under_embargo(world.judgements()[0])


def test_each_retrain_keeps_to_the_embargo_and_what_is_served_knows_all(world: World) -> None:
    late(world)
    for number in range(KNOWN + 1, KNOWN + 8):
        world.deliver(number)
        world.label(number)
        world.night(number)
    judged = world.judgements()
    assert [one.retrain for one in judged] == ["first", "refresh", "refresh"]
    for judgement in judged:
        assert_under_embargo(judgement)
    card = world.store.record(keys.card(NAME, world.champion or ""), Card)
    assert card.members[0].last_night == day(KNOWN + 6 - DELAY), "gate and embargo nights as well"


def test_the_newest_challenger_is_a_refit_where_the_embargo_is_a_multiple_of_the_schedule(
    world: World,
) -> None:
    late(world)
    for number in range(KNOWN + 1, KNOWN + 10):
        world.deliver(number)
        world.label(number)
        world.night(number)
    *_, newest = world.judgements()
    assert newest.row_rounds == 0, "3 nights of embargo, a refresh every 3 nights"


def test_flipped_labels_under_the_embargo_leave_the_challenger_as_it_was_to_the_byte(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [usual] = late(world).judgements()
    assert usual.challenger is not None
    assert usual.cut is not None
    begin = (usual.cut - day(0)).days
    [other] = late(settle(tmp_path / "other", monkeypatch), range(begin - 3, begin)).judgements()
    assert other.challenger is not None
    for what in ("id", "training_set", "prior", "rows", "features", "model"):
        assert getattr(other.challenger, what) == getattr(usual.challenger, what)
    [more] = late(settle(tmp_path / "more", monkeypatch), range(begin - 4, begin)).judgements()
    assert more.challenger is not None
    assert more.challenger.id != usual.challenger.id, "one night more would have been known"


def test_same_cut_offs_keep_to_it_too(grown: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = set()

    def note(nights: Sequence[UsableNight], _: object = None) -> str:
        ends.add(nights[-1].as_of)
        return str(nights[-1].as_of)

    monkeypatch.setattr("tasks.engine.fits.training_set_id", note)
    grown.declare("rounds=1, label_delay=2")
    grown.live(GROWN + 1)
    [_, change] = grown.judgements()
    assert change.contest is not None
    begins = [night.as_of for night in change.contest.nights][::NIGHTS]
    assert len(begins) == CUTS
    assert {begin - timedelta(days=2) for begin in begins} <= ends
    assert not {begin - timedelta(days=1) for begin in begins} & ends


def test_people_are_told_of_the_embargo(world: World) -> None:
    late(world)
    [judgement] = world.judgements()
    told = [line.text for line in tell_judgement(judgement) if line.step == "embargo"]
    assert told == [
        "3 nights before the cut train neither judged model: their labels were not complete when "
        "the gate nights began"
    ]
    key = keys.judgement(NAME, judgement.as_of, judgement.number)
    assert told[0] in retrain_page(world.store, world.project, key).markdown
