"""Policies to compare: what each lets start a retrain, and what it remembers of other nights."""

from datetime import date, timedelta

import pytest

from schemas.errors import InvalidName
from schemas.judgement import Cause
from schemas.monitoring import ColumnDrift
from schemas.night import Drift, Evidence, Plan, TriggerState
from schemas.policy import Policy
from tasks.core.policy import decide
from tasks.engine.replay.variants import HINT, NAMES, decide_as, make_variant, make_variants
from tests.building.rows import day

DRIFTED = ColumnDrift(column="amount", distance=0.5, threshold=0.2, drifted=True, can_alarm=True)
SINCE = TriggerState(last_attempt=day(0), attempts=(day(0),))


def build_evidence(number: int, drifted: bool = False) -> Evidence:
    """A sound night of a champion that always has new data to be judged on."""
    columns = (DRIFTED,) if drifted else ()
    return Evidence(
        as_of=day(number),
        data="accepted",
        drift=Drift(state="calibrated", reference_nights=182, columns=columns),
        champion="v",
        champion_recipe="recipe",
        stand_in_cut=day(number) - timedelta(days=30),
        recipe="recipe",
        plan=Plan(retrain="refresh", cut=day(number - 7), gate_nights=6, usable=100),
    )


def walk(name: str, drifted: range = range(0), hinted: range = range(0)) -> list[tuple[int, str]]:
    """Nights 1 to 21 under one policy: which retrain, and the cause."""
    variant, state = make_variant(name, Policy()), SINCE
    retrains = []
    for number in range(1, 22):
        evidence = build_evidence(number, drifted=number in drifted)
        state, decision = decide_as(variant, state, evidence, hint=number in hinted)
        if decision.cause:
            retrains.append((number, decision.cause.subject or decision.cause.kind))
    return retrains


def test_never_retrains_for_nothing() -> None:
    assert walk("never", drifted=range(5, 15), hinted=range(5, 15)) == []


def test_nightly_retrains_every_night() -> None:
    assert [number for number, _ in walk("nightly")] == list(range(1, 22))


def test_own_is_the_decision_itself() -> None:
    variant, state = make_variant("own", Policy()), SINCE
    for number in range(1, 22):
        evidence = build_evidence(number, drifted=number in range(5, 9))
        expected = decide(state, evidence, Policy())
        state, decision = decide_as(variant, state, evidence, hint=True)
        assert (state, decision) == expected


def test_every_three_nights_and_at_a_drift_alarm() -> None:
    assert walk("every-3") == [(n, "schedule") for n in range(3, 22, 3)]
    assert walk("every-3", drifted=range(4, 21))[:3] == [
        (3, "schedule"),
        (5, "amount"),
        (8, "schedule"),
    ]


def test_schedule_only_is_told_of_drift_and_keeps_its_nights() -> None:
    assert walk("schedule-only", drifted=range(4, 21)) == walk("schedule-only") == walk("own")


def test_drift_only_retrains_once_an_alarm() -> None:
    assert walk("drift-only") == []
    assert walk("drift-only", drifted=range(4, 12)) == [(5, "amount")]


def test_a_hint_shortens_the_wait_of_seven_nights_to_three() -> None:
    assert walk("every-7-or-hint") == [(7, "schedule"), (14, "schedule"), (21, "schedule")]
    assert walk("every-7-or-hint", hinted=range(9, 10)) == [
        (7, "schedule"),
        (14, "schedule"),
        (21, "schedule"),
    ]
    assert walk("every-7-or-hint", hinted=range(8, 12)) == [
        (7, "schedule"),
        (10, HINT),
        (17, "schedule"),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_an_alarm_is_told_once_under_every_policy(name: str) -> None:
    variant, state = make_variant(name, Policy()), SINCE
    told: list[date] = []
    for number in range(1, 22):
        evidence = build_evidence(number, drifted=number in range(4, 21))
        state, decision = decide_as(variant, state, evidence)
        told += [evidence.as_of for alert in decision.alerts if alert.kind == "drift"]
    assert told == [day(5)]


def test_a_night_on_which_nothing_may_start_is_remembered_as_one_that_waited() -> None:
    state, decision = decide_as(make_variant("never", Policy()), SINCE, build_evidence(9))
    assert (decision.action, decision.cause, decision.retrain) == ("wait", None, None)
    assert (state.last_attempt, state.attempts) == (day(0), (day(0),))


def test_a_first_champion_is_made_under_every_policy() -> None:
    evidence = build_evidence(40).model_copy(
        update={"champion": None, "plan": Plan(retrain="first", usable=39, usable_rows=4000)}
    )
    for variant in make_variants(NAMES, Policy()):
        _, decision = decide_as(variant, TriggerState(), evidence)
        assert decision.cause == Cause(kind="first")


def test_variants_keep_what_else_the_project_says() -> None:
    own = Policy(min_rows=7, drift_alpha=0.02, quality_z=3, refresh_every=7, gate_nights=7)
    for variant in make_variants(NAMES, own):
        assert (variant.policy.min_rows, variant.policy.drift_alpha) == (7, 0.02)
        assert variant.policy.gate_nights % variant.policy.refresh_every == 0


def test_an_unknown_policy_is_refused_by_name() -> None:
    with pytest.raises(InvalidName, match=r"policy 'weekly' is not known; choose from own, never"):
        make_variants(("own", "weekly"), Policy())


def test_a_policy_named_twice_is_tried_once() -> None:
    assert [v.name for v in make_variants(("never", "own", "never"), Policy())] == ["never", "own"]
