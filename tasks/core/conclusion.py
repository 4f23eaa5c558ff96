"""What the verdicts of all gates come to: the outcome of a retrain attempt, in one sentence.

The verdicts themselves are `tasks.gates`; what a passed attempt leads to is `tasks.engine`.
"""

from collections.abc import Sequence

from schemas.judgement import Contest, Kind, Outcome, Verdict


def conclude(
    kind: Kind, contest: Contest | None, verdicts: Sequence[Verdict]
) -> tuple[Outcome, str]:
    """Refused when any gate refuses, else undecided or waiting when any is, else passed.

    Of many gates that pass the first few are told. Without a contest the labels held one value;
    without any verdict nothing vouches for the model.
    """
    if contest is None:
        return "one_class", "The training labels hold one value only; more nights are needed."
    if not verdicts:
        return "refused", f"Refused ({kind}): the project has no gate for this retrain."
    said = {verdict.outcome for verdict in verdicts}
    outcome: Outcome = next((worse for worse in _WORST_FIRST if worse in said), "passed")
    decisive = [verdict for verdict in verdicts if verdict.outcome == outcome]
    told = [f"{verdict.gate}: {verdict.sentence}" for verdict in decisive]
    if outcome == "passed" and len(told) > _TOLD:
        told = [*told[:_TOLD], f"{len(told) - _TOLD} more gates passed"]
    text = "; ".join(told)
    return outcome, f"{outcome.capitalize()} ({kind}): {text}."


_TOLD = 3
_WORST_FIRST: tuple[Outcome, ...] = ("refused", "undecided", "waiting")
