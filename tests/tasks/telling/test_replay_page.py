"""A replay's page: whether the past was reproduced first, then one row a policy."""

from datetime import date

from tasks.engine.replay.asked import Asked
from tasks.engine.replay.comparison import Comparison, Month, Result
from tasks.engine.replay.moves import Move
from tasks.engine.replay.reproduce import Difference, Reproduced
from tasks.telling.markdown import Page
from tasks.telling.replay_page import replay_page
from tests.tasks.telling.reading import HOSTILE, PAGE_TAGS, Seen

NIGHT = date(2024, 1, 1)
SAME = Reproduced(nights=1200, judgements=9, differences=(), notes=())
ASKED = Asked("own", 45, (Move(NIGHT, "refresh", "drift"),), (), 2_500_000)
RESULT = Result(
    policy="nightly",
    nights=45,
    retrains=44,
    retrains_a_night=0.978,
    refused=3,
    states={},
    causes={"schedule": 44},
    alarms=1,
    metric=0.7512,
    loss=0.51,
    kept=None,
    worst_month=Month("2024-02", 0.7),
    row_rounds=0,
    losses={},
    promoted=(),
)


def _seen(made: Page) -> Seen:
    seen = Seen(made.markdown)
    assert set(seen.tags) <= PAGE_TAGS
    return seen


def test_a_reproduced_past_is_said_first() -> None:
    made = replay_page("shop", SAME, (ASKED,), None)
    assert made.sentence == (
        "Every decision of 1,200 nights and 9 retrain attempts was reproduced, byte for byte."
    )
    seen = _seen(made)
    assert "own 45 1 drift 1 0 2.5 M" in seen.text
    assert seen.text.endswith("Next driftloop replay shop --refit")


def test_differences_are_named_and_too_many_are_counted() -> None:
    found = tuple(Difference(f"nights/shop/{n}", text) for n in range(9) for text in HOSTILE)
    made = replay_page("shop", Reproduced(99, 1, found, found[:1]), (), None)
    seen = _seen(made)
    assert seen.text.startswith("9 of 99 nights and 1 retrain attempts are not what follows")
    assert "And 61 more." in seen.text
    assert "Not checked" in seen.text
    assert seen.links == []
    assert seen.text.endswith("driftloop verify shop")


def test_policies_that_were_lived_through_have_their_numbers() -> None:
    lived = Comparison("auc", NIGHT, NIGHT, (RESULT,))
    seen = _seen(replay_page("shop", SAME, (ASKED,), lived))
    assert "AUC Loss Kept Worst month" in seen.text
    assert "nightly 44 0.98 schedule 44 3 1 0.7512 0.51 - 2024-02: 0.7 0.0 M" in seen.text
    assert "own 45" not in seen.text
