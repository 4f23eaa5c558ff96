"""When a promotion on probation is worse: beyond chance, or far worse; otherwise not or not yet."""

from typing import Any

import pytest

from schemas.probation import Probation, ProbationNight
from tasks.core.probation import NEWEST, judge_probation
from tests.tasks.core.evidence import Trigger, build_evidence
from tests.tasks.core.nights import day

SHADOW = "v00000000000000aa"


def build_probation(*served: float, shadow: float = 50.0, **fields: Any) -> Probation:
    """Nights of 100 rows whose loss was so much; the shadow's is the same each night."""
    nights = tuple(
        ProbationNight(as_of=day(number), rows=100, served=loss, shadow=shadow)
        for number, loss in enumerate(served)
    )
    return Probation(since=day(0), promotions=2, shadow=SHADOW, nights=nights, **fields)


@pytest.mark.parametrize(
    ("served", "outcome"),
    [
        ((), "undecided"),
        ((90.0, 90.0), "undecided"),
        ((60.0, 61.0, 62.0, 60.0, 61.0), "worse"),
        ((51.0, 40.0, 62.0, 45.0, 55.0), "not worse"),
        ((40.0, 41.0, 42.0, 40.0, 41.0), "not worse"),
        ((300.0, 9000.0, 300.0), "worse"),
        ((50.0, 50.0, 9000.0), "not worse"),
        ((50.0, 50.0, 50.0, 50.0, 50.0), "not worse"),
    ],
    ids=["none", "two", "worse", "noise", "better", "far worse", "one odd night", "equal"],
)
def test_worse_is_beyond_chance_or_far_worse_on_most_nights(
    served: tuple[float, ...], outcome: str
) -> None:
    assert judge_probation(build_probation(*served)).outcome == outcome


def test_only_the_newest_nights_count() -> None:
    spoiled = [10.0] * 9
    assert judge_probation(build_probation(*spoiled, *[60.0, 61.0] * NEWEST)).outcome == "worse"


def test_without_a_shadow_nothing_is_judged_and_the_reason_is_told() -> None:
    trial = judge_probation(build_probation(*[90.0] * 5, no_shadow="its model is damaged"))
    assert (trial.outcome, trial.sentence) == ("undecided", "no shadow: its model is damaged")


WORSE = build_probation(60.0, 61.0, 62.0, 60.0, 61.0)


@pytest.mark.parametrize(
    "fields",
    [{}, {"data": "no_data"}, {"frozen": True}, {"unscorable": "damaged"}],
    ids=["usual", "no data", "frozen", "unscorable"],
)
def test_a_worse_model_is_rolled_back_whatever_else_the_night_is(fields: dict[str, Any]) -> None:
    decision = Trigger().see(build_evidence(9, probation=WORSE, **fields))
    assert (decision.action, decision.state) == ("rollback", "Worse on probation")
    assert decision.back_to == SHADOW
    assert f"against {SHADOW} (at least +" in decision.sentence


@pytest.mark.parametrize("which", ["history", "late"])
def test_history_and_late_revisions_roll_nothing_back(which: str) -> None:
    decision = Trigger().see(build_evidence(9, probation=WORSE, **{which: True}))
    assert (decision.action, decision.back_to) == ("wait", None)
