"""What would have led a night elsewhere. What it did is `tasks.telling.nights`."""

from collections.abc import Callable, Iterator

from schemas.night import Night
from tasks.telling.nights import by_nearness


def what_would_flip(night: Night) -> str | None:
    """The smallest change of evidence that would have led elsewhere; None where none would."""
    if night.decision.action == "retrain":
        return _without_retrain(night)
    ends = _ENDS.get(night.decision.state)
    if ends:
        return ends(night)
    alarms = _alarms_that_would(night) if night.decision.state == "Nothing due" else []
    told = "; or ".join([*alarms, *_waiting(night)])
    return f"{told[0].upper()}{told[1:]}." if told else None


def _without_retrain(night: Night) -> str:
    cause = night.decision.cause.kind if night.decision.cause else "cause"
    if cause == "schedule":
        return f"A last attempt less than {night.policy.refresh_every} nights ago."
    if cause == "first":
        needed = night.policy.min_nights + night.evidence.plan.embargo
        return f"Less than {needed} labelled nights or {night.policy.min_rows:,} rows."
    return f"Without the {cause} it would have waited."


_ENDS: dict[str, Callable[[Night], str | None]] = {
    "History": lambda _: None,
    "Late revision": lambda _: None,
    "Batch refused": lambda _: "The night's rows delivered again, within the contract.",
    "No data": lambda _: "Rows delivered for this night.",
    "No data yet": lambda _: "Rows delivered for this night.",
    "Data fault": lambda _: "The night delivered again without the fault, or accepted by a person.",
    "Marked bad": lambda _: "The mark taken back.",
    "Frozen": lambda night: f"Promotion unfrozen: driftloop unfreeze {night.project} --reason ...",
    "One class only": lambda _: "Labels that hold a second value.",
    "Change refused": lambda _: "The edit of the recipe undone or altered.",
    "Waiting for approval": lambda night: (
        f"A person's approval: driftloop approve {night.project} --reason ..."
    ),
    "No new data": lambda night: f"Labelled nights after {night.evidence.stand_in_cut}.",
    "Worse on probation": lambda night: (
        "A loss that is not above the shadow's beyond chance on these nights, or promotions older "
        f"than probation_nights={night.policy.probation_nights}."
    ),
    "Budget spent": lambda night: (
        f"Fewer than {night.policy.budget} retrains in {night.policy.budget_nights} nights."
    ),
}
"""What ends the states that a cause of their own begins."""


def _waiting(night: Night) -> Iterator[str]:
    """What it waits for: nights with labels, or the next attempt's turn."""
    plan, policy, state = night.evidence.plan, night.policy, night.decision.state
    if state in ("No champion yet", "Champion cannot score"):
        short = policy.min_nights + plan.embargo - plan.usable
        rows = policy.min_rows - plan.usable_rows
        if short > 0:
            yield _more(short, "labelled night")
        elif rows > 0:
            yield f"{_more(rows, 'labelled row')} in the nights that count"
    if state == "Change pending" and plan.nights_needed:
        yield _more(plan.nights_needed, "labelled night")
    if state == "Undecided":
        yield _more(3 - plan.gate_nights, "usable gate night")


def _more(number: int, what: str) -> str:
    return f"{number:,} more {what}{'s' if number != 1 else ''}"


def _alarms_that_would(night: Night) -> list[str]:
    """Drift or quality that would have brought a refresh forward, of what is watched."""
    policy, told = night.policy, []
    if drift := _drift_that_would(night):
        told.append(drift)
    if night.evidence.quality.state == "known":
        nights = f"{policy.quality_needed} of {policy.quality_of} nights"
        told.append(f"{nights} with a loss above z {policy.quality_z:g}")
    return told


def _drift_that_would(night: Night) -> str | None:
    """Drift in the column nearest to an alarm; what has raised one already raises no second."""
    told = {cause.column for cause in night.trigger.causes}
    columns = by_nearness(night.evidence.drift.columns)
    nearest = next((column for column in columns if column.column not in told), None)
    if nearest is None:
        return None
    share = nearest.distance / nearest.threshold
    if nearest.drifted:
        much = f"drift in {nearest.column} as large as tonight"
    elif share > 0:
        much = f"drift in {nearest.column} {1 / share:.1f} times as large"
    else:
        much = f"any drift in {nearest.column}"
    return f"{much}, on {night.policy.drift_needed} of {night.policy.drift_of} nights"
