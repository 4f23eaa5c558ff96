"""The gate of a first champion: it must beat the constant."""

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.paired import beyond_chance, pair_with_prior, too_few


class BeatsPrior(Gate):
    """Passes a first champion that is better than the training mean beyond chance."""

    confidence: float = Field(default=0.95, gt=0.5, lt=1)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided under 3 gate nights; silent on other retrains."""
        if contest.kind != "first":
            return None
        undecided = too_few("beats_prior", contest)
        if undecided:
            return undecided
        return beyond_chance(
            "beats_prior", pair_with_prior(contest), self.confidence, "the constant"
        )
