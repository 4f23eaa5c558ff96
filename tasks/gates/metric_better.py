"""The change gate by a metric of your choice: another recipe must be better by it."""

from collections.abc import Sequence

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate, Task
from tasks.core.jackknife import lower_limit
from tasks.gates.measured import difference, no_such_metric


class MetricBetter(Gate):
    """Passes a change whose metric is better than the incumbent's by the margin, beyond chance.

    Student's t over nights, by delete-one-night jackknife where the metric is no mean over rows.
    At 99.5 % it promotes about 3 % of equally good recipes by MAE, fewer by others; at 99 %, which
    `Better` uses, over 4 % (docs/decisions.md).
    """

    metric: str = Field(description="auc, recall, mae, ... as tasks.core.left_out names them")
    margin: float = Field(default=0.0, ge=0, description="gain that is worth a change")
    confidence: float = Field(default=0.995, gt=0.5, lt=1)

    def objection(self, task: Task, slices: Sequence[str]) -> str | None:
        """A metric that the task does not have."""
        return no_such_metric(self.metric, task)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided while nights are missing; silent on other retrains."""
        if contest.kind != "change":
            return None
        gate = f"better_{self.metric}"
        found = difference(gate, self.metric, contest)
        if isinstance(found, Verdict):
            return found
        lower = lower_limit(found.gain, self.confidence)
        says = "better" if lower > self.margin else "not proven better"
        return Verdict(
            gate=gate,
            outcome="passed" if lower > self.margin else "refused",
            sentence=(
                f"{self.metric} {says} than the incumbent recipe's: gain "
                f"{found.gain.value:+.4g}, at least {lower:+.4g} ({self.confidence:.1%}), "
                f"margin {self.margin:g}"
            ),
            numbers={**found.numbers, "lower": lower},
            limits={"lower": self.margin},
        )
