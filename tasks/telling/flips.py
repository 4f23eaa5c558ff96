"""What would have led a night elsewhere. What it did is `tasks.telling.nights`."""

from schemas.night import Night
from tasks.telling.nights import by_nearness


def what_would_flip(night: Night) -> str:
    """The smallest change of evidence that would have led elsewhere."""
    evidence, decision = night.evidence, night.decision
    if decision.action == "retrain" and decision.cause and decision.cause.kind == "schedule":
        return f"A last attempt less than {night.policy.refresh_every} nights ago."
    if decision.action == "retrain":
        cause = decision.cause.kind if decision.cause else "cause"
        return f"Without the {cause} it would have waited."
    watched = by_nearness(evidence.drift.columns)
    if decision.state != "Nothing due" or not watched:
        return "See the state above: it ends when its cause ends."
    nearest = watched[0]
    share = nearest.distance / nearest.threshold
    return (
        f"Drift in {nearest.column} {1 / share:.1f} times as large, on {night.policy.drift_needed} "
        f"of {night.policy.drift_of} nights; or {night.policy.quality_needed} of "
        f"{night.policy.quality_of} nights with a loss above z {night.policy.quality_z:g}."
        if share > 0
        else "Any drift at all."
    )
