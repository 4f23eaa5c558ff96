"""What the verdicts of all gates come to: the outcome of a retrain attempt, in one sentence.

The verdicts themselves are `tasks.gates`; what a passed attempt leads to is `tasks.engine`.
"""

from collections.abc import Sequence

from schemas.judgement import Contest, Kind, Outcome, Verdict
from schemas.self_test import Concluded, SelfTest


def conclude(
    kind: Kind,
    contest: Contest | None,
    verdicts: Sequence[Verdict],
    tested: SelfTest | None = None,
) -> tuple[Outcome, str]:
    """Refused when any gate refuses, else undecided when any is, else passed.

    Of many gates that pass the first few are told. Without a contest the labels held one value;
    without any verdict nothing vouches for the model. What gates say that failed their self-test
    counts for nothing.
    """
    if tested and tested.wrong:
        wrong = "; ".join(trial.sentence for trial in tested.wrong)
        return "failed", f"Failed ({kind}): the gates failed their self-test: {wrong}."
    if contest is None:
        return "one_class", "The training labels hold one value only; more nights are needed."
    if not verdicts:
        return "refused", f"Refused ({kind}): the project has no gate for this retrain."
    outcome = worst_of(verdicts)
    decisive = [verdict for verdict in verdicts if verdict.outcome == outcome]
    told = [f"{verdict.gate}: {verdict.sentence}" for verdict in decisive]
    if outcome == "passed" and len(told) > _TOLD:
        told = [*told[:_TOLD], f"{len(told) - _TOLD} more gates passed"]
    text = "; ".join(told)
    return outcome, f"{outcome.capitalize()} ({kind}): {text}."


def worst_of(verdicts: Sequence[Verdict]) -> Concluded:
    """What the verdicts come to; refused where there is none."""
    said = {verdict.outcome for verdict in verdicts}
    return next((worse for worse in _WORST_FIRST if worse in said or not said), "passed")


_TOLD = 3
_WORST_FIRST: tuple[Concluded, ...] = ("refused", "undecided")
