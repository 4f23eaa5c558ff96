"""No part of the rows may pay for the gain of the others."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from schemas.evaluation import Compared, Slice
from schemas.judgement import Contest, Verdict
from schemas.project import Gate, Task
from tasks.core.jackknife import upper_limit
from tasks.gates.measured import cannot_say
from tasks.gates.paired import too_few


class SlicesUnharmed(Gate):
    """Refuses a refresh or a change that is worse in one of the project's slices beyond chance.

    It asks for evidence of harm, not for proof of gain: a slice with little evidence passes. The
    confidence is that of all slices together (Bonferroni), Student's t over nights: at 99 % up to
    5 % of equals are refused (docs/decisions.md).
    """

    confidence: float = Field(default=0.99, gt=0.5, lt=1)
    min_rows: int = Field(default=20, ge=1, description="slices of fewer gate rows are not judged")

    def objection(self, task: Task, slices: Sequence[str]) -> str | None:
        """A project without slices."""
        return None if slices else 'there is nothing to judge: declare slices=("...",) as well'

    def judge(self, contest: Contest) -> Verdict | None:
        """Passed, refused, or undecided under 3 gate nights; a first champion has no rival."""
        if contest.kind == "first":
            return None
        undecided = too_few("slices_unharmed", contest)
        if undecided or contest.evaluation is None:
            return undecided or cannot_say("slices_unharmed", contest, "harm in slices")
        judged = list(_judged(contest.evaluation.slices, self.min_rows))
        if not judged:
            return cannot_say("slices_unharmed", contest, "harm in slices")
        each = 1 - (1 - self.confidence) / len(judged)
        limits = [(upper_limit(one.gain, each), part) for part, one in judged if one.gain]
        worst, part = min(limits, key=lambda pair: pair[0])
        harmed = [(upper, name) for upper, name in limits if upper < 0]
        return Verdict(
            gate="slices_unharmed",
            outcome="refused" if harmed else "passed",
            sentence=_sentence(harmed, len(judged), self.confidence)
            + ("" if harmed else f"; nearest to it {_name(part)}, gain at most {worst:+.4g}"),
            numbers={"upper": worst, "slices": len(judged), "harmed": len(harmed)},
            limits={"upper": 0.0, "harmed": 0.0},
        )


def _judged(slices: Sequence[Slice], min_rows: int) -> Iterator[tuple[Slice, Compared]]:
    """Slices with an interval of the gain in loss, which comes first of their metrics."""
    for part in filter(lambda one: one.is_declared, slices):
        first = next(iter(part.metrics), None)
        if part.rows >= min_rows and first and first.gain and first.gain.spreads:
            yield part, first


def _sentence(harmed: Sequence[tuple[float, Slice]], judged: int, confidence: float) -> str:
    if not harmed:
        return f"no evidence of harm in {judged} slices ({confidence:.0%} for all together)"
    told = ", ".join(
        f"{_name(part)} (gain at most {upper:+.4g})"
        for upper, part in sorted(harmed, key=lambda pair: pair[0])
    )
    return f"worse in {len(harmed)} of {judged} slices: {told}"


def _name(part: Slice) -> str:
    return f"{part.column} {part.word}" if part.word is not None else f"other {part.column}"
