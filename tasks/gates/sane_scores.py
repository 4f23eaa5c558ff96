"""Scores must look like scores: not all the same, none where no target can be."""

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.measured import cannot_say


class SaneScores(Gate):
    """Refuses a model that gives too many rows one score, or scores that no target can have.

    A probability lies from 0 to 1, a value within the range of the gate nights' labels and as far
    again on either side. A score that is no finite number fails the retrain before any gate.
    """

    max_identical: float = Field(default=0.95, gt=0, le=1, description="share of one score")
    max_outside: float = Field(default=0.01, ge=0, le=1, description="share out of range")

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed or refused, whatever the retrain; undecided without a gate night."""
        if contest.evaluation is None:
            return cannot_say("sane_scores", contest, "how scores lie")
        scores = contest.evaluation.scores
        passed = scores.identical <= self.max_identical and scores.outside <= self.max_outside
        return Verdict(
            gate="sane_scores",
            outcome="passed" if passed else "refused",
            sentence=(
                f"{scores.identical:.1%} of rows have one and the same score (at most "
                f"{self.max_identical:.0%}), {scores.outside:.1%} one out of range (at most "
                f"{self.max_outside:.0%})"
            ),
            numbers={"identical": scores.identical, "outside": scores.outside},
            limits={"identical": self.max_identical, "outside": self.max_outside},
        )
