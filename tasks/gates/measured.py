"""What gates on an evaluation share: the metric asked for, and the verdict where it does not exist.

Gates on loss sums share `tasks.gates.paired`.
"""

from dataclasses import dataclass

from schemas.evaluation import Measure
from schemas.judgement import Contest, Verdict
from schemas.project import Task
from tasks.core.left_out import COSTS, METRICS, best_of
from tasks.gates.paired import too_few


@dataclass(frozen=True)
class Difference:
    """How much better the challenger is by one metric, and what a verdict tells of it."""

    gain: Measure
    numbers: dict[str, float]


def no_such_metric(metric: str, task: Task) -> str | None:
    """The objection to a metric that is never computed for this task."""
    if best_of(task, metric):
        return None
    more: dict[Task, tuple[str, ...]] = {
        "binary": tuple(COSTS),
        "multiclass": ("precision:<class>", "recall:<class>"),
    }
    there = ", ".join([*METRICS[task], *more.get(task, ())])
    return f"metric={metric!r} is not computed for a {task} task; there are {there}"


def cannot_say(gate: str, contest: Contest, what: str) -> Verdict:
    """Undecided, because these nights do not tell."""
    because = f" ({'; '.join(contest.evaluation.notes)})" if contest.evaluation else ""
    sentence = f"{what} cannot be computed on these gate nights{because}"
    return Verdict(gate=gate, outcome="undecided", sentence=sentence, nights_needed=1)


def difference(gate: str, metric: str, contest: Contest) -> Difference | Verdict:
    """Both models by one metric; undecided where these nights give no interval."""
    undecided = too_few(gate, contest)
    if undecided:
        return undecided
    found = contest.evaluation and contest.evaluation.find(metric)
    if not found or not found.rival or not found.gain or not found.gain.spreads:
        return cannot_say(gate, contest, metric)
    numbers = {
        "gain": found.gain.value,
        metric: found.challenger.value,
        f"{metric}_of_rival": found.rival.value,
        **errors_of(found.gain),
    }
    return Difference(found.gain, numbers)


def errors_of(measure: Measure) -> dict[str, float]:
    """Standard errors under the names that verdicts have for them."""
    names = {"nights": "standard_error", "groups": "standard_error_over_groups"}
    return {names[one.over]: one.error for one in measure.spreads}
