"""How each kind of message comes about, and how its cause clears, on a chronicle of nights."""

from collections.abc import Callable
from typing import Any

from schemas.batch import Failure
from schemas.night import AlertKind, Quality
from tests.building.chronicle import VERSIONS, Chronicle
from tests.tasks.core.evidence import build_attempt, build_drift, build_fault, build_quality
from tests.tasks.core.nights import day

CAUSES: dict[AlertKind, Callable[[int], dict[str, Any]]] = {
    "drift": lambda _: {"drift": build_drift("amount")},
    "quality": lambda n: {"quality": build_quality(n, *[3.0] * 5)},
    "missing": lambda _: {"data": "no_data", "rows": 0},
    "fault": lambda _: {"faults": (build_fault(),)},
    "breaker": lambda n: {
        "judgements": tuple(build_attempt(n, "refused", attempt=a) for a in range(1, 6))
    },
    "stale": lambda n: {"champion_last_night": day(n - 40)},
    "labels": lambda n: {
        "quality": Quality(state="not_yet_known", labels_behind=9, latest_labels=day(n - 10))
    },
    "joined": lambda _: {"refused_since": "sizes: 1 rows repeat a key"},
    "unscorable": lambda _: {"unscorable": "v00000000000000aa: its model file is damaged"},
}
"""Evidence that raises an alert, by its kind; drift needs two such nights."""


def raise_alert(chronicle: Chronicle, kind: AlertKind, number: int) -> str:
    """Nights up to `number` + 1 whose last record is the first to alert of this kind."""
    if kind == "refused":
        chronicle.see(number)
        return chronicle.refuse(
            number + 1,
            Failure(column="hour", check="in_range(0, 23)", rows=12, examples=("99", "-3")),
            Failure(column="income", check="not_null", rows=2, examples=("private",)),
        )
    before = CAUSES["drift"](number) if kind == "drift" else {}
    chronicle.see(number, **before)
    return chronicle.see(number + 1, **CAUSES[kind](number + 1))


def stay(chronicle: Chronicle, kind: AlertKind, number: int) -> str:
    """One more night of the same cause."""
    judged = {} if kind == "breaker" else CAUSES[kind](number)
    return chronicle.see(number, **judged)


def clear(chronicle: Chronicle, kind: AlertKind, number: int) -> int:
    """Nights after which the cause is gone; the number of the next one."""
    if kind == "breaker":
        chronicle.see(number, acknowledged=1)
        return number + 1
    for one in range(number, number + 4):
        chronicle.see(one, quality=build_quality(number, *[0.0] * 10))
    return number + 4


def promote(chronicle: Chronicle, number: int) -> str:
    """A night, its passed attempt, its promotion."""
    night = chronicle.see(number)
    return chronicle.move("promote", number, VERSIONS[0], chronicle.judge(night))


def roll_back(chronicle: Chronicle, number: int) -> str:
    """Two promotions, and the way back."""
    promote(chronicle, number)
    chronicle.move("promote", number, VERSIONS[1])
    return chronicle.move("rollback", number, VERSIONS[0])


def freeze(chronicle: Chronicle, number: int) -> str:
    """A night after which a person froze promotion."""
    chronicle.see(number)
    return chronicle.move("freeze", number)
