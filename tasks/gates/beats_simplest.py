"""A model must be worth more than the simplest one that learns anything."""

from typing import ClassVar

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.paired import beyond_chance, pair_with_simplest, too_few


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
        return beyond_chance(
            "beats_simplest",
            pair_with_simplest(contest),
            self.confidence,
            than="the simplest family that learns",
            otherwise="not proven better",
        )
