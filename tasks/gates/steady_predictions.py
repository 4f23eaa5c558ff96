"""A retrain must not move the scores far, whoever acts on them."""

from typing import ClassVar

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate
from tasks.gates.measured import cannot_say


class SteadyPredictions(Gate):
    """Refuses a refresh or a change whose scores are distributed far otherwise than the rival's.

    Total variation on the same rows, in ten bins of as many of the rival's scores each: the share
    of rows that would have to move.
    """

    judges_scores: ClassVar[bool] = False

    maximum: float = Field(default=0.5, gt=0, le=1)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed or refused; undecided without a gate night; a first champion has no rival."""
        if contest.kind == "first":
            return None
        moved = contest.evaluation.scores.moved if contest.evaluation else None
        if moved is None:
            return cannot_say("steady_predictions", contest, "how far scores moved")
        return Verdict(
            gate="steady_predictions",
            outcome="passed" if moved <= self.maximum else "refused",
            sentence=(
                f"{moved:.1%} of the scores lie otherwise than the rival's do, "
                f"at most {self.maximum:.0%} allowed"
            ),
            numbers={"moved": moved},
            limits={"moved": self.maximum},
        )
