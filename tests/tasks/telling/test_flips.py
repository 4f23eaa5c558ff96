"""What would have led a night elsewhere: never what has happened already."""

from typing import Any

import pytest

from schemas.night import Decision, Drift, Night, OpenCause, TriggerState
from tasks.telling.flips import what_would_flip
from tests.building.chronicle import Chronicle
from tests.tasks.core.evidence import COLUMNS, build_drift
from tests.tasks.core.nights import day

WORSE = "3 of 5 nights with a loss above z 2.5."


def calm(drift: Drift, *alarmed: str, **decided: Any) -> Night:
    """A night that nothing was due on, with these columns' alarms raised before."""
    chronicle = Chronicle()
    night = chronicle.night(chronicle.see(0, drift=drift))
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


@pytest.mark.parametrize("state", ["Frozen", "Batch refused"])
def test_another_state_ends_with_its_cause(state: str) -> None:
    told = what_would_flip(calm(build_drift(), state=state))
    assert told == "See the state above: it ends when its cause ends."
