"""An absolute limit on one metric, for first champions and changes."""

from pydantic import Field

from schemas.judgement import Contest, Verdict
from schemas.project import Gate


class MetricFloor(Gate):
    """Refuses a first champion or a change whose metric on the gate nights is below `minimum`."""

    metric: str = Field(description="auc, accuracy, ... as tasks.core.metrics names them")
    minimum: float

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed or refused; undecided where the metric does not exist, as AUC of one class."""
        if contest.kind == "refresh":
            return None
        name = f"floor_{self.metric}"
        value = contest.metrics.get(self.metric)
        if value is None:
            sentence = f"{self.metric} cannot be computed on these gate nights"
            return Verdict(gate=name, outcome="undecided", sentence=sentence, nights_needed=1)
        return Verdict(
            gate=name,
            outcome="passed" if value >= self.minimum else "refused",
            sentence=f"{self.metric} {value:.3f}, at least {self.minimum:g}",
            numbers={self.metric: value},
            limits={self.metric: self.minimum},
        )
