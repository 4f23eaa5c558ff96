"""The flow of a replay without a server: what it tells, and that nothing is stored."""

import pytest

from flows.replay import replay
from schemas.errors import InvalidName, UnknownProject
from tests.building.fixtures import YOUNG
from tests.building.project import NAME
from tests.building.rows import day
from tests.building.world import World


@pytest.fixture
def few(young: World) -> World:
    """Four nights after the first champion."""
    for number in range(YOUNG + 1, YOUNG + 5):
        young.live(number)
    return young


def test_decisions_are_reproduced_and_policies_asked(few: World) -> None:
    before = few.files()
    replayed = replay.fn(NAME)
    assert replayed.reproduced.differences == ()
    assert {asked.policy: len(asked.retrains) for asked in replayed.asked}["never"] == 1, (
        "the first champion, which every policy makes"
    )
    assert replayed.lived is None
    assert few.files() == before


def test_refits_live_through_the_same_nights(few: World) -> None:
    before = few.files()
    replayed = replay.fn(NAME, day(YOUNG + 1), day(YOUNG + 3), ("own",), refit=True)
    assert replayed.lived is not None
    assert [result.policy for result in replayed.lived.results] == ["own", "never", "nightly"]
    assert replayed.lived.first == day(YOUNG + 1)
    assert few.files() == before
    assert list((few.root / "cache" / "replay").glob("*.json"))


@pytest.mark.usefixtures("young")
def test_a_project_or_a_policy_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidName, match="weekly"):
        replay.fn(NAME, policies=("weekly",))
    with pytest.raises(UnknownProject):
        replay.fn("shops")
