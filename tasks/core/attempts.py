"""What the trigger learns from retrain attempts that ended, and from people's acknowledgements.

Whether a new attempt is due is `tasks.core.policy`.
"""

from schemas.night import Evidence, ReadJudgement, TriggerState

_REMEMBERED = 20  # keys of attempts already read; older nights' attempts cannot come anew


def absorb_attempts(state: TriggerState, evidence: Evidence) -> TriggerState:
    """Fold the judgements read since the night before, in order, then acknowledgements.

    A pass resets the refusals in a row; "no new data" and failures count as neither; a refused
    change is remembered by its recipe, so that it is not tried again every night.
    """
    for judgement in evidence.judgements:
        state = _absorb(state, judgement)
    if evidence.judgements:
        newest = (*state.judgements_read, *(read.key for read in evidence.judgements))
        state = state.model_copy(update={"judgements_read": newest[-_REMEMBERED:]})
    if evidence.acknowledged > state.acknowledged:
        state = state.model_copy(
            update={"acknowledged": evidence.acknowledged, "refused_in_a_row": 0}
        )
    if state.refused_recipe is not None and evidence.recipe == evidence.champion_recipe:
        state = state.model_copy(update={"refused_recipe": None})
    return state


def _absorb(state: TriggerState, judgement: ReadJudgement) -> TriggerState:
    update: dict[str, object] = {}
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


def _newer(judgement: ReadJudgement, state: TriggerState) -> bool:
    return state.last_attempt is None or judgement.as_of > state.last_attempt
