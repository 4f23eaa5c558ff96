"""A model must be worth more than the simplest one that learns anything."""

from typing import ClassVar

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.paired import pair_with_simplest, too_few


class BeatsSimplest(Gate):
    """Refuses a first champion or a change that is not better than the simplest learned family.

    That is `Linear`, or the first of the project's `ladder=` that learns; it is fitted on the
    challenger's nights, one more fit a retrain, and judged on the same gate nights.
    """

    needs_simplest: ClassVar[bool] = True

    confidence: float = Field(default=0.95, gt=0.5, lt=1)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided under 3 gate nights; silent where nothing is simpler."""
        if contest.kind == "refresh":
            return None
        undecided = too_few("beats_simplest", contest)
        if undecided:
            return undecided
        if any(night.simplest is None for night in contest.nights):
            return None
        pairs = pair_with_simplest(contest)
        lower = pairs.lower(self.confidence)
        says = "better" if lower > 0 else "not proven better"
        return Verdict(
            gate="beats_simplest",
            outcome="passed" if lower > 0 else "refused",
            sentence=(
                f"{says} than the simplest family that learns: gain {pairs.gain:+.4f} a row, "
                f"at least {lower:+.4f} ({self.confidence:.0%})"
            ),
            numbers={**pairs.numbers, "lower": lower},
            limits={"lower": 0.0},
        )
