"""Probabilities must mean what they say: a score of 30 % comes true three times in ten."""

from collections.abc import Sequence

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate, Task
from tasks.core.jackknife import lower_limit
from tasks.gates.measured import cannot_say, errors_of, no_such_metric
from tasks.gates.paired import too_few

_METRIC = "calibration_error"


class Calibrated(Gate):
    """Refuses a model whose expected calibration error is above `maximum` beyond chance.

    The error is the mean distance between scores and shares that came true, in ten bins of equal
    rows. Few rows alone give some error, so its lower limit over nights is what counts.
    """

    maximum: float = Field(default=0.1, gt=0, lt=1)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)

    def objection(self, task: Task, slices: Sequence[str]) -> str | None:
        """A task without probabilities."""
        return no_such_metric(_METRIC, task)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided under 3 gate nights, whatever the retrain."""
        undecided = too_few("calibrated", contest)
        if undecided:
            return undecided
        found = contest.evaluation and contest.evaluation.find(_METRIC)
        if not found or not found.challenger.spreads:
            return cannot_say("calibrated", contest, "calibration")
        error, lower = found.challenger.value, lower_limit(found.challenger, self.confidence)
        return Verdict(
            gate="calibrated",
            outcome="passed" if lower <= self.maximum else "refused",
            sentence=(
                f"scores are off by {error:.3f} on average, at least {lower:.3f} "
                f"({self.confidence:.0%}), at most {self.maximum:g} allowed"
            ),
            numbers={_METRIC: error, "lower": lower, **errors_of(found.challenger)},
            limits={"lower": self.maximum},
        )
