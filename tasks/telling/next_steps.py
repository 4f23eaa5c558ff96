"""What to type after a night or a retrain. What an alert asks for is `tasks.telling.nights`."""

from schemas.judgement import Judgement
from schemas.ledger import Entry
from schemas.night import Night
from tasks.store import keys
from tasks.telling.nights import next_command


def after_night(night: Night) -> tuple[str, ...]:
    """One command an alert; where nobody is alerted, the one that shows most."""
    asked = [next_command(night, alert) for alert in night.decision.alerts]
    if asked:
        return tuple(dict.fromkeys(asked))
    if night.evidence.faults:
        return (f"driftloop accept {night.project} {night.as_of} --reason ...",)
    return (f"driftloop why {night.project} {night.as_of}",)


def after_retrain(judgement: Judgement, entry: Entry | None) -> tuple[str, ...]:
    """After a promotion the model that serves now, otherwise what explains or changes the end."""
    if entry is not None:
        return after_move(entry)
    project = judgement.project
    if judgement.retrain == "change" and judgement.outcome == "refused":
        return f"driftloop status {project}", f"driftloop promote {project} --override --reason ..."
    if judgement.cause.night:
        return (f"driftloop why {project} {keys.parse(judgement.cause.night).as_of}",)
    return (f"driftloop status {project}",)


def after_move(entry: Entry) -> tuple[str, ...]:
    """The model in service, and the way back."""
    back = f"driftloop rollback {entry.project} --reason ..."
    return f"driftloop champion {entry.project}", back
