"""An absolute limit on one metric, for first champions and changes."""

from collections.abc import Sequence

from pydantic import Field

from schemas.evaluation import Measure
from schemas.judgement import Contest, Verdict
from schemas.project import Gate, Task
from tasks.core.jackknife import lower_limit
from tasks.gates.measured import cannot_say, errors_of, no_such_metric


class MetricFloor(Gate):
    """Refuses a first champion or a change whose metric on the gate nights is below `minimum`.

    With `confidence` the lower end of its interval over nights must reach it.
    """

    metric: str = Field(description="auc, recall, ... as tasks.core.left_out names them")
    minimum: float
    confidence: float | None = Field(
        default=None, gt=0.5, lt=1, description="0.95: the metric's one-sided lower limit counts"
    )

    def objection(self, task: Task, slices: Sequence[str]) -> str | None:
        """A metric that the task does not have."""
        return no_such_metric(self.metric, task)

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed or refused; undecided where the metric does not exist, as AUC of one class."""
        if contest.kind == "refresh":
            return None
        name = f"floor_{self.metric}"
        measure = self._measure(contest)
        if measure is None:
            return cannot_say(name, contest, self.metric)
        if self.confidence is None:
            value, says = measure.value, f"{self.metric} {measure.value:.3f}"
        else:
            value = lower_limit(measure, self.confidence)
            says = f"{self.metric} {measure.value:.3f}, from {value:.3f} ({self.confidence:.0%})"
        return Verdict(
            gate=name,
            outcome="passed" if value >= self.minimum else "refused",
            sentence=f"{says}, at least {self.minimum:g}",
            numbers={**self._numbers(measure), self._limited: value},
            limits={self._limited: self.minimum},
        )

    @property
    def _limited(self) -> str:
        return self.metric if self.confidence is None else "lower"

    def _numbers(self, measure: Measure) -> dict[str, float]:
        if self.confidence is None:
            return {}
        return {self.metric: measure.value, **errors_of(measure)}

    def _measure(self, contest: Contest) -> Measure | None:
        """Without an interval, the plain metric of the newest gate nights where it is there."""
        if self.confidence is None and self.metric in contest.metrics:
            return Measure(value=contest.metrics[self.metric])
        found = contest.evaluation and contest.evaluation.find(self.metric)
        if not found or (self.confidence is not None and not found.challenger.spreads):
            return None
        return found.challenger
