"""A metric of your choice that no retrain may make worse."""

from collections.abc import Sequence

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate, Task
from tasks.core.jackknife import upper_limit
from tasks.gates.measured import difference, no_such_metric


class MetricNotWorse(Gate):
    """Refuses a refresh or a change whose metric is worse by more than the margin, beyond chance.

    Student's t over nights, by delete-one-night jackknife where the metric is no mean over rows.
    """

    metric: str = Field(description="auc, recall, mae, ... as tasks.core.left_out names them")
    margin: float = Field(default=0.0, ge=0, description="loss of the metric that is put up with")
    confidence: float = Field(default=0.95, gt=0.5, lt=1)

    def objection(self, task: Task, slices: Sequence[str]) -> str | None:
        """A metric that the task does not have."""
        return no_such_metric(self.metric, task)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided under 3 gate nights; a first champion has no rival."""
        if contest.kind == "first":
            return None
        gate = f"not_worse_{self.metric}"
        found = difference(gate, self.metric, contest)
        if isinstance(found, Verdict):
            return found
        upper = upper_limit(found.gain, self.confidence)
        says = "not worse" if upper >= -self.margin else "worse"
        return Verdict(
            gate=gate,
            outcome="passed" if upper >= -self.margin else "refused",
            sentence=(
                f"{self.metric} {says} than the rival's: gain {found.gain.value:+.4g}, "
                f"at most {upper:+.4g} ({self.confidence:.0%}), margin {self.margin:g}"
            ),
            numbers={**found.numbers, "upper": upper},
            limits={"upper": 0.0 - self.margin},
        )
