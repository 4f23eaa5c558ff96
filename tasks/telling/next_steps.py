"""What to type after a night or a retrain. What an alert asks for is `tasks.telling.nights`."""

from schemas.batch import Batch
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


def beyond_why(night: Night, batch: Batch | None, last: Judgement | None) -> str:
    """What leads on from all that is known of a night; `last` is its newest retrain attempt.

    What its alerts ask for comes after what mends its data; none of it leads back here.
    """
    project, as_of = night.project, night.as_of
    again = f"deliver it again, then driftloop night {project} --as-of {as_of}"
    if night.evidence.faults:
        return f"driftloop accept {project} {as_of} --reason ..., or {again}"
    if night.evidence.data == "refused":
        is_aside = batch is not None and batch.quarantine is not None
        rows = f"driftloop quarantine {project} {as_of} --rows 5, or " if is_aside else ""
        return f"{rows}{again}"
    if night.evidence.data != "accepted":
        return f"driftloop night {project} --as-of {as_of}, once it is delivered"
    asked = [next_command(night, alert) for alert in night.decision.alerts]
    onward = [command for command in asked if not command.startswith("driftloop why ")]
    return onward[0] if onward else _of_a_sound_night(night, last)


def _of_a_sound_night(night: Night, last: Judgement | None) -> str:
    if last is not None and last.outcome != "passed":
        return after_attempt(last)
    if night.decision.state == "Frozen":
        return f"driftloop unfreeze {night.project} --reason ..."
    if night.report:
        return f"driftloop report {night.project} {night.as_of}"
    if last is not None:
        return f"driftloop champion {night.project}"
    if night.evidence.history and night.evidence.champion is None:
        return f"driftloop retrain {night.project}"
    return f"driftloop night {night.project}, once the next night is delivered"


def after_attempt(judgement: Judgement) -> str:
    """What may lead to another end than this attempt's, which promoted nothing."""
    project = judgement.project
    if judgement.freezes:
        return f"driftloop unfreeze {project} --reason ...  # once gates= is mended"
    if judgement.outcome == "refused" and judgement.retrain == "change":
        return f"driftloop promote {project} --override --reason ..."
    if judgement.outcome == "refused":  # what each feature brings, and which tell the outcome
        return f"driftloop check {project}"
    if judgement.outcome in ("undecided", "one_class"):
        return f"driftloop night {project}"
    return f"driftloop retrain {project}"


def after_retrain(judgement: Judgement, entry: Entry | None) -> tuple[str, ...]:
    """After a promotion the model that serves now, otherwise what explains or changes the end."""
    if entry is not None:
        return after_move(entry)
    onward = after_attempt(judgement)
    if judgement.cause.night is None:
        return (onward,)
    return f"driftloop why {judgement.project} {keys.parse(judgement.cause.night).as_of}", onward


def after_move(entry: Entry) -> tuple[str, ...]:
    """The model in service, and the way back."""
    back = f"driftloop rollback {entry.project} --reason ..."
    return f"driftloop champion {entry.project}", back
