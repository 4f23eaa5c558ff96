"""What would have led a night elsewhere: never what has happened already."""

import inspect
import re
from typing import Any

import pytest

from schemas.night import Decision, Drift, Night, OpenCause, Plan, Quality, TriggerState
from tasks.core import policy
from tasks.telling.flips import _ENDS, what_would_flip
from tests.building.chronicle import Chronicle
from tests.tasks.core.evidence import COLUMNS, build_drift, build_plan, build_quality
from tests.tasks.core.nights import day

KNOWN, UNKNOWN = build_quality(0, 0.0), Quality(state="not_yet_known")
WORSE = "3 of 5 nights with a loss above z 2.5."


def calm(
    drift: Drift,
    *alarmed: str,
    quality: Quality = KNOWN,
    plan: Plan | None = None,
    **decided: Any,
) -> Night:
    """A night that nothing was due on, with these columns' alarms raised before."""
    chronicle, plan = Chronicle(), plan or build_plan(0)
    night = chronicle.night(chronicle.see(0, drift=drift, quality=quality, plan=plan))
    causes = tuple(OpenCause(kind="drift", column=name, since=day(0)) for name in alarmed)
    usual = {"action": "wait", "state": "Nothing due", "sentence": "Nothing due."}
    decision = Decision(**{**usual, **decided})
    return night.model_copy(update={"decision": decision, "trigger": TriggerState(causes=causes)})


def test_the_nearest_column_would_have_to_drift_further() -> None:
    told = what_would_flip(calm(build_drift()))
    assert told == f"Drift in amount 4.0 times as large, on 2 of 3 nights; or {WORSE}"


def test_a_column_that_drifts_tonight_would_have_to_go_on() -> None:
    told = what_would_flip(calm(build_drift("shop")))
    assert told == f"Drift in shop as large as tonight, on 2 of 3 nights; or {WORSE}"


def test_an_alarm_that_was_raised_is_not_raised_again() -> None:
    told = what_would_flip(calm(build_drift("shop"), "shop"))
    assert told == f"Drift in amount 4.0 times as large, on 2 of 3 nights; or {WORSE}"
    assert what_would_flip(calm(build_drift(), *COLUMNS)) == WORSE


def test_what_is_not_watched_yet_flips_nothing() -> None:
    assert what_would_flip(calm(Drift(state="insufficient"), quality=UNKNOWN)) is None
    told = what_would_flip(calm(build_drift(), quality=UNKNOWN))
    assert told == "Drift in amount 4.0 times as large, on 2 of 3 nights."


@pytest.mark.parametrize(
    ("state", "ends"),
    [
        ("Frozen", "Promotion unfrozen: driftloop unfreeze shop --reason ..."),
        ("Batch refused", "The night's rows delivered again, within the contract."),
        ("No new data", f"Labelled nights after {day(-10)}."),
        ("Undecided", "1 more usable gate night."),
        ("No champion yet", "4 more labelled nights."),
        ("History", None),
        ("Late revision", None),
    ],
)
def test_another_state_is_told_with_what_ends_it(state: str, ends: str | None) -> None:
    plan = build_plan(0, gate_nights=2, usable=10)
    assert what_would_flip(calm(build_drift(), plan=plan, state=state)) == ends


def test_every_state_of_a_waiting_night_is_told_or_left_out() -> None:
    """A new state of the policy needs its line, or a place among those without one."""
    states = set(re.findall(r'_wait\(\s*"([^"]+)"', inspect.getsource(policy)))
    states |= {*policy._DATA_STATES.values(), "No champion yet", "Champion cannot score"}
    assert states - set(_ENDS) == {
        "Nothing due",
        "No champion yet",
        "Champion cannot score",
        "Change pending",
        "Undecided",
    }
