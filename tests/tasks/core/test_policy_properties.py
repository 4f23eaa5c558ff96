"""What holds on every path that the trigger can take, tried on random nights."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.judgement import Kind, Outcome
from schemas.night import Decision, Evidence, TriggerState
from schemas.policy import Policy
from tests.tasks.core.evidence import (
    EDITED,
    RECIPE,
    Trigger,
    build_attempt,
    build_drift,
    build_evidence,
    build_fault,
    build_plan,
    build_quality,
)
from tests.tasks.core.nights import day

POLICIES = st.builds(
    lambda every, of, budget, breaker: Policy(
        refresh_every=every, gate_nights=every * of, budget=budget, breaker=breaker
    ),
    st.integers(1, 4),
    st.integers(3, 4),
    st.integers(1, 4),
    st.integers(1, 3),
)
NIGHTS = st.lists(
    st.fixed_dictionaries(
        {
            "data": st.sampled_from(["accepted"] * 6 + ["refused", "no_data", "no_data_yet"]),
            "drifted": st.sets(st.sampled_from(["amount", "wait", "shop"])),
            "z": st.sampled_from([0.0, 0.0, 3.0]),
            "fault": st.sampled_from([False, False, False, True]),
            "frozen": st.sampled_from([False, False, False, True]),
            "edited": st.sampled_from([False, False, False, True]),
            "unscorable": st.sampled_from([None, None, None, "damaged"]),
            "late": st.sampled_from([False, False, False, True]),
            "skipped": st.sampled_from([0, 0, 0, 5]),
            "acknowledged": st.booleans(),
            "outcome": st.sampled_from(["passed", "refused", "refused", "undecided", "failed"]),
        }
    ),
    min_size=1,
    max_size=40,
)

Seen = Sequence[tuple[Evidence, TriggerState, TriggerState, Decision]]


def play(policy: Policy, nights: Sequence[dict[str, Any]]) -> Seen:
    """Decide scripted nights, each attempt ending as its night says and read the night after.

    Returns evidence, the states before and after, and the decision of each.
    """
    trigger = Trigger(policy=policy)
    number, acknowledged = 0, 0
    asked: tuple[int, Kind, Outcome] | None = None
    seen = []
    for script in nights:
        late = script["late"] and number > 0
        number += 0 if late else 1 + script["skipped"]
        acknowledged += script["acknowledged"]
        evidence = _evidence(number - late, script, asked, acknowledged)
        before = trigger.state
        decision = trigger.see(evidence)
        seen.append((evidence, before, trigger.state, decision))
        if not late:
            asked = (number, decision.retrain, script["outcome"]) if decision.retrain else None
    return seen


def _evidence(
    number: int,
    script: dict[str, Any],
    asked: tuple[int, Kind, Outcome] | None,
    acknowledged: int,
) -> Evidence:
    read: tuple[Any, ...] = ()
    if asked and not script["late"]:
        read = (build_attempt(asked[0], asked[2], retrain=asked[1], recipe=EDITED),)
    change = script["edited"]
    return build_evidence(
        number,
        data=script["data"],
        late=script["late"],
        drift=build_drift(*sorted(script["drifted"])),
        quality=build_quality(number, *[script["z"]] * 5),
        faults=(build_fault(),) if script["fault"] else (),
        frozen=script["frozen"],
        recipe=EDITED if change else RECIPE,
        unscorable=script["unscorable"],
        plan=build_plan(number, retrain="change" if change else "refresh"),
        judgements=read,
        acknowledged=acknowledged,
    )


def retrains(seen: Seen) -> list[Evidence]:
    return [evidence for evidence, _, _, decision in seen if decision.action == "retrain"]


@settings(max_examples=80, deadline=None)
@given(POLICIES, NIGHTS)
def test_the_budget_is_never_exceeded(policy: Policy, nights: list[dict[str, Any]]) -> None:
    made = [evidence.as_of for evidence in retrains(play(policy, nights))]
    for last in made:
        window = [then for then in made if 0 <= (last - then).days < policy.budget_nights]
        assert len(window) <= policy.budget


@settings(max_examples=80, deadline=None)
@given(POLICIES, NIGHTS)
def test_faulty_frozen_late_and_dataless_nights_never_retrain(
    policy: Policy, nights: list[dict[str, Any]]
) -> None:
    for evidence in retrains(play(policy, nights)):
        assert evidence.data == "accepted"
        assert not evidence.faults
        assert not evidence.frozen
        assert not evidence.late


@settings(max_examples=80, deadline=None)
@given(POLICIES, NIGHTS)
def test_an_alarm_brings_at_most_one_retrain_forward(
    policy: Policy, nights: list[dict[str, Any]]
) -> None:
    seen = play(policy, nights)
    early = [d.cause.kind for *_, d in seen if d.cause and d.cause.kind in ("drift", "quality")]
    alarms = {(c.kind, c.since) for _, _, after, _ in seen for c in after.causes}
    for kind in ("drift", "quality"):
        assert early.count(kind) <= sum(alarm[0] == kind for alarm in alarms)


@settings(max_examples=80, deadline=None)
@given(POLICIES, NIGHTS)
def test_people_are_told_of_an_alarm_once_while_it_stands(
    policy: Policy, nights: list[dict[str, Any]]
) -> None:
    standing: set[str] = set()
    for _, _, after, decision in play(policy, nights):
        told = [f"{alert.kind}|{alert.subject}" for alert in decision.alerts]
        assert len(told) == len(set(told))
        assert not standing & set(told)
        standing = set(after.alerted)
        assert set(told) <= standing


@settings(max_examples=80, deadline=None)
@given(POLICIES, NIGHTS)
def test_an_open_breaker_leaves_one_attempt_a_week(
    policy: Policy, nights: list[dict[str, Any]]
) -> None:
    made = [
        (evidence.as_of, after.refused_in_a_row >= policy.breaker)
        for evidence, _, after, decision in play(policy, nights)
        if decision.action == "retrain"
    ]
    for (before, _), (then, is_open) in pairwise(made):
        if is_open:
            assert (then - before).days >= policy.breaker_every


@settings(max_examples=80, deadline=None)
@given(POLICIES, NIGHTS)
def test_scheduled_refreshes_keep_their_interval(
    policy: Policy, nights: list[dict[str, Any]]
) -> None:
    seen = [(e.as_of, d) for e, _, _, d in play(policy, nights) if d.action == "retrain"]
    for (before, _), (then, decision) in pairwise(seen):
        if decision.cause and decision.cause.kind == "schedule":
            assert (then - before).days >= policy.refresh_every


@settings(max_examples=80, deadline=None)
@given(POLICIES, NIGHTS)
def test_late_revisions_change_no_attempt_and_raise_no_cause(
    policy: Policy, nights: list[dict[str, Any]]
) -> None:
    for evidence, before, after, decision in play(policy, nights):
        if evidence.late:
            assert decision.action == "wait"
            assert (after.last_attempt, after.attempts) == (before.last_attempt, before.attempts)
            assert set(after.causes) <= set(before.causes)


@settings(max_examples=40, deadline=None)
@given(POLICIES, NIGHTS, st.integers(0, 60))
def test_memory_stays_small(
    policy: Policy, nights: list[dict[str, Any]], nights_of_labels: int
) -> None:
    trigger = Trigger(policy=policy)
    for number in range(nights_of_labels):
        trigger.see(build_evidence(number, labels={str(day(number - 1)): 1}))
    assert len(trigger.state.labels_read) <= 40
    assert len(trigger.state.attempts) <= policy.budget
    assert all(
        len(after.recent_drift) <= policy.drift_of for _, _, after, _ in play(policy, nights)
    )
