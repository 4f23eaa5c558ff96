"""The self-test of a project's gates, on the very rows of a change: who passes that must not?

The challengers are made by `tasks.core.impostors`. What a failure leads to is
`tasks.engine.promote`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from schemas.judgement import Contest, Verdict
from schemas.project import Project
from schemas.self_test import Concluded, Finding, SelfTest, Trial, Who
from tasks.core.conclusion import worst_of
from tasks.core.impostors import oracle, with_noise
from tasks.engine.contest import Scored, weigh

_CALLED: dict[Who, str] = {
    "itself": "the champion against itself",
    "noise": "the champion with noise",
    "shuffled": "a model of shuffled labels",
    "oracle": "an oracle",
}
_MEASURED = ("nights", "metrics", "held_out", "evaluation")
_SAYS: dict[Concluded, str] = {
    "passed": "is let pass",
    "refused": "is refused",
    "undecided": "is not decided",
}


def try_gates(project: Project, contest: Contest, scored: Sequence[Scored]) -> SelfTest | None:
    """What the gates say of four challengers whose verdict is known; None without a gate night."""
    if not scored:
        return None
    rows = sum(len(night.target) for night in scored)
    trials = []
    for who, scores in _impostors(project, scored):
        parts = np.split(scores, np.cumsum([len(night.target) for night in scored])[:-1])
        theirs = [
            replace(night, said={**night.said, "challenger": part})
            for night, part in zip(scored, parts, strict=True)
        ]
        made = weigh(project, contest.kind, theirs, rows)
        update = {name: getattr(made, name) for name in _MEASURED}
        is_simpler = contest.is_simpler and who == "shuffled"
        known = contest.model_copy(update={**update, "is_simpler": is_simpler})
        trials.append(_trial(project, who, known))
    return SelfTest(trials=tuple(trials))


def _impostors(project: Project, scored: Sequence[Scored]) -> Iterator[tuple[Who, np.ndarray]]:
    target = np.concatenate([night.target for night in scored])
    champion = np.concatenate([night.said["rival"] for night in scored])
    yield "itself", champion
    yield "noise", with_noise(project.task, target, champion, project.seed)
    if all("shuffled" in night.said for night in scored):
        yield "shuffled", np.concatenate([night.said["shuffled"] for night in scored])
    yield "oracle", oracle(target, champion, project.seed)


def _trial(project: Project, who: Who, contest: Contest) -> Trial:
    """Gates that do not judge by scores say of an impostor what they say of anybody."""
    said = [(gate, verdict) for gate in project.gates if (verdict := gate.judge(contest))]
    verdicts = [verdict for gate, verdict in said if gate.judges_scores]
    # where none of those that speak judges by scores, any scores pass
    outcome = "passed" if said and not verdicts else worst_of(verdicts)
    speaking = verdicts or [verdict for _, verdict in said]
    deciding = [verdict for verdict in speaking if verdict.outcome == outcome]
    finding, because = _find(who, contest, outcome, deciding)
    return Trial(
        who=who,
        outcome=outcome,
        finding=finding,
        gates=tuple(verdict.gate for verdict in deciding),
        sentence=f"{_CALLED[who]} {_SAYS[outcome]}{because}",
    )


def _find(
    who: Who, contest: Contest, outcome: Concluded, deciding: Sequence[Verdict]
) -> tuple[Finding, str]:
    """Whether that is right, and why nobody can say where nobody can."""
    if outcome == "undecided":
        return "cannot say", f": {deciding[0].sentence}"
    if (outcome == "passed") == (who == "oracle"):
        return "right", ""
    if who == "oracle":
        gains = [verdict.numbers.get("gain", -1.0) for verdict in deciding]
        if min(gains, default=-1.0) >= 0:
            return "cannot say", ", whose gain these nights cannot tell from chance or the margin"
    elif who != "itself" and _sum(contest, "rival") >= _sum(contest, "prior"):
        return "cannot say", ", but the champion is no better than the constant on these nights"
    return "wrong", f" by {', '.join(verdict.gate for verdict in deciding) or 'no gate'}"


def _sum(contest: Contest, who: str) -> float:
    return float(sum(getattr(night, who) or 0.0 for night in contest.nights))
