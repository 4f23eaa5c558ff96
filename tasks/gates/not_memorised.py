"""What a model learned must hold away from its training rows."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.memorisation import Memorised
from schemas.project import Gate
from tasks.gates.measured import cannot_say

_CALLED = {
    "lost": "of what it gains on training rows is gone on unseen nights",
    "exposure": "of another label on its own row is taken over",
}


class NotMemorised(Gate):
    """Refuses a first champion or a change that learned its training rows by heart.

    The lower ends of 95 % intervals count, so that it takes evidence. The defaults are loose: what
    good recipes lose and take over is in docs/decisions.md.
    """

    judges_scores: ClassVar[bool] = False

    max_lost: float = Field(
        default=0.9,
        gt=0,
        description="share of what it saves, gone on unseen nights",
    )
    max_exposure: float = Field(
        default=0.9, gt=0, description="how far a prediction follows its own row's label"
    )

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided without an interval; silent where nobody looked."""
        if contest.kind == "refresh" or contest.memorised is None:
            return None
        found = dict(_measured(contest.memorised))
        if not found:
            return cannot_say("not_memorised", contest, "memorisation")
        limits = {"lost": self.max_lost, "exposure": self.max_exposure}
        wrong = [name for name, (_, lower) in found.items() if lower > limits[name]]
        told = [
            f"{value:.0%} {_CALLED[name]} (at least {lower:.0%}, "
            f"at most {limits[name]:.0%} allowed)"
            for name, (value, lower) in found.items()
            if name in wrong or not wrong
        ]
        return Verdict(
            gate="not_memorised",
            outcome="refused" if wrong else "passed",
            sentence="; ".join(told),
            numbers={f"{name}_at_least": lower for name, (_, lower) in found.items()},
            limits={f"{name}_at_least": limits[name] for name in found},
        )


def _measured(memorised: Memorised) -> Iterator[tuple[str, tuple[float, float]]]:
    """Value and lower end of what has an interval."""
    for name, one in (("lost", memorised.lost), ("exposure", memorised.exposure)):
        if one is not None and one.lower is not None:
            yield name, (one.value, one.lower)
