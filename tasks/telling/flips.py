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
    if decision.state != "Nothing due" or not by_nearness(evidence.drift.columns):
        return "See the state above: it ends when its cause ends."
    worse = (
        f"{night.policy.quality_needed} of {night.policy.quality_of} nights with a loss above z "
        f"{night.policy.quality_z:g}"
    )
    drift = _drift_that_would(night)
    told = f"{drift}; or {worse}." if drift else f"{worse}."
    return told[0].upper() + told[1:]


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
