"""Builders of a night's evidence, and a trigger that is played night after night.

`day` is that of `tests.tasks.core.nights`. A usual night is due for nothing but its schedule.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from schemas.judgement import Cause, Kind, Outcome
from schemas.monitoring import ColumnDrift, Fault, QualityPoint
from schemas.night import Decision, Drift, Evidence, Plan, Quality, ReadJudgement, TriggerState
from schemas.policy import Policy
from tasks.core.policy import decide
from tests.tasks.core.nights import day

CHAMPION, RECIPE, EDITED = "v0123456789abcdef", "recipe", "edited recipe"
COLUMNS = ("amount", "hour", "wait", "income", "shop")


def build_evidence(number: int, **fields: Any) -> Evidence:
    """A usual night: sound data, a scorable champion, enough labelled nights, no alarm."""
    usual: dict[str, Any] = {
        "as_of": day(number),
        "data": "accepted",
        "rows": 100,
        "drift": build_drift(),
        "champion": CHAMPION,
        "champion_recipe": RECIPE,
        "champion_last_night": day(number - 2),
        "stand_in_cut": day(number - 10),
        "recipe": RECIPE,
        "plan": build_plan(number),
    }
    return Evidence(**{**usual, **fields})


def build_plan(number: int, **fields: Any) -> Plan:
    """A refresh that could be judged."""
    usual = {"cut": day(number - 7), "gate_nights": 6, "usable": 100, "usable_rows": 10_000}
    return Plan(**{"retrain": "refresh", **usual, **fields})


def build_drift(*drifted: str, **fields: Any) -> Drift:
    """A calibrated verdict on every column, of which some drifted."""
    columns = tuple(
        ColumnDrift(
            column=name,
            distance=0.4 if name in drifted else 0.05,
            threshold=0.2,
            drifted=name in drifted,
            can_alarm=True,
        )
        for name in (*COLUMNS, *(name for name in drifted if name not in COLUMNS))
    )
    usual = {"state": "calibrated", "reference_nights": 182, "columns": columns}
    return Drift(**{**usual, **fields})


def build_quality(number: int, *z: float) -> Quality:
    """The newest matured nights with these distances from the null, the newest last."""
    points = tuple(
        QualityPoint(as_of=day(number - len(z) + back), rows=100, loss=0.5, z=value)
        for back, value in enumerate(z)
    )
    return Quality(state="known", points=points, latest_labels=day(number - 1))


def build_fault(column: str = "amount") -> Fault:
    """A burst of nulls."""
    return Fault(column=column, kind="nulls", share=0.4, limit=0.16)


def build_attempt(
    number: int,
    outcome: Outcome,
    *,
    retrain: Kind = "refresh",
    cause: Cause | None = None,
    recipe: str = RECIPE,
    attempt: int = 1,
) -> ReadJudgement:
    """A retrain attempt of night `number` that ended so."""
    return ReadJudgement(
        key=f"judgements/shop/{day(number)}/{attempt:02d}.json",
        as_of=day(number),
        retrain=retrain,
        cause=cause or Cause(kind="schedule"),
        outcome=outcome,
        recipe=recipe,
        sentence="",
    )


@dataclass
class Trigger:
    """The trigger's memory, and every decision it came to."""

    policy: Policy = field(default_factory=Policy)
    state: TriggerState = field(default_factory=TriggerState)
    decisions: list[Decision] = field(default_factory=list)

    def see(self, evidence: Evidence) -> Decision:
        """Decide one night, the state written to a record and read back as between two runs."""
        state, decision = decide(self.state, evidence, self.policy)
        self.state = TriggerState.model_validate_json(state.model_dump_json())
        self.decisions.append(decision)
        return decision

    def see_all(self, nights: Iterable[Evidence]) -> list[Decision]:
        """Decide night after night."""
        return [self.see(evidence) for evidence in nights]


def attempted(number: int, **fields: Any) -> Trigger:
    """A trigger whose last attempt was that of night `number`, so that no refresh is due soon."""
    state = TriggerState(last_attempt=day(number), attempts=(day(number),), **fields)
    return Trigger(state=state)


def kinds_of(decision: Decision) -> list[str]:
    """The kinds of the alerts that people get."""
    return [alert.kind for alert in decision.alerts]
