"""What the trigger learns from retrain attempts that ended, and from people's acknowledgements.

Whether a new attempt is due is `tasks.core.policy`.
"""

from itertools import zip_longest

from schemas.night import Evidence, ReadJudgement, TriggerState, WaitingRecipe

_REMEMBERED = 20  # keys of attempts already read; older nights' attempts cannot come anew
LABEL_NIGHTS = 40  # older nights' labels are not read any more


def absorb_attempts(state: TriggerState, evidence: Evidence) -> TriggerState:
    """Fold the judgements read since the night before, in order, then acknowledgements.

    A pass that was carried out resets the refusals in a row, a refusal and a failure add to them;
    undecided, waiting, one class and lost count as neither. A refused change, and one that waits
    for approval, is remembered by its recipe, so that it is not tried again every night.
    """
    for judgement, after in zip_longest(evidence.judgements, evidence.judgements[1:]):
        if not _led_nowhere(judgement, after):
            state = _absorb(state, judgement, evidence.champion)
    if evidence.judgements:
        newest = (*state.judgements_read, *(read.key for read in evidence.judgements))
        state = state.model_copy(update={"judgements_read": newest[-_REMEMBERED:]})
    if evidence.acknowledged > state.acknowledged:
        state = state.model_copy(
            update={"acknowledged": evidence.acknowledged, "refused_in_a_row": 0}
        )
    state = _note_labels(state, evidence)
    is_undone = evidence.recipe == evidence.champion_recipe
    if is_undone and not (evidence.late or evidence.history):
        state = state.model_copy(update={"refused_recipe": None, "waiting": None})
    return state


def _note_labels(state: TriggerState, evidence: Evidence) -> TriggerState:
    known = {**state.labels_read, **evidence.labels}
    newest = sorted(known)[-LABEL_NIGHTS:]
    return state.model_copy(update={"labels_read": {night: known[night] for night in newest}})


def _led_nowhere(judgement: ReadJudgement, after: ReadJudgement | None) -> bool:
    """Whether a passed attempt was not carried out, which the record after it says."""
    if after is None or judgement.outcome != "passed" or after.outcome not in ("failed", "lost"):
        return False
    return (judgement.as_of, judgement.cause) == (after.as_of, after.cause)


def _absorb(state: TriggerState, judgement: ReadJudgement, champion: str | None) -> TriggerState:
    update: dict[str, object] = {}
    if judgement.retrain == "change":
        update["waiting"] = _wait_for_approval(judgement, champion)
    if judgement.outcome == "passed":
        update["refused_in_a_row"] = 0
    if judgement.outcome in ("refused", "failed"):
        update["refused_in_a_row"] = state.refused_in_a_row + 1
        if judgement.retrain == "change" and judgement.outcome == "refused":
            update["refused_recipe"] = judgement.recipe
    if judgement.cause.kind == "person" and _newer(judgement, state):
        update["last_attempt"] = judgement.as_of
        update["attempts"] = (*state.attempts, judgement.as_of)
    return state.model_copy(update=update)


def _wait_for_approval(judgement: ReadJudgement, champion: str | None) -> WaitingRecipe | None:
    if judgement.outcome != "waiting":
        return None
    return WaitingRecipe(recipe=judgement.recipe, since=judgement.as_of, champion=champion)


def _newer(judgement: ReadJudgement, state: TriggerState) -> bool:
    return state.last_attempt is None or judgement.as_of > state.last_attempt
