"""How near a gate's verdict was to another one: margins to its limits, and what would flip it.

Gates differ, so only what every verdict holds is used: its numbers, its limits, its outcome. What
would have led a night elsewhere is `tasks.telling.flips`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.judgement import Verdict
from tasks.telling.figures import figure

_PER_ROW = ("upper", "lower", "gain")
"""Gains of a row: another loss on every gate night moves them by as much."""
_CALLED = {"upper": "gain at most", "lower": "gain at least"}
_AT_MOST = ("_ratio", "seconds", "bytes")
"""Endings of numbers whose limit is the most that passes, where a refusal has several limits."""


@dataclass(frozen=True)
class Margin:
    """One number of a verdict beside its limit."""

    name: str
    value: float
    limit: float

    @property
    def distance(self) -> float:
        """How far the number is from its limit."""
        return abs(self.value - self.limit)

    @property
    def relative(self) -> float:
        """The same as a share of the larger of both, so that margins can be ordered."""
        return self.distance / (max(abs(self.value), abs(self.limit)) or 1.0)


def margins(verdict: Verdict) -> tuple[Margin, ...]:
    """Numbers that have a limit, in the order of the limits."""
    return tuple(
        Margin(name, verdict.numbers[name], limit)
        for name, limit in verdict.limits.items()
        if name in verdict.numbers
    )


def what_would_flip(verdict: Verdict) -> str:
    """The smallest change that would have led to another verdict; "" where the gate tells none."""
    if verdict.outcome == "undecided":
        return _more(verdict)
    found = margins(verdict)
    if verdict.outcome == "passed":
        nearest = _nearest(found)
        return f"{_moved(nearest)} would have refused it" if nearest else ""
    wrong = [one for one in found if _is_wrong(one)] if len(found) > 1 else found
    told = " and ".join(map(_moved, wrong or found))
    return f"{told} would have let it pass" if told else ""


def _more(verdict: Verdict) -> str:
    needed = verdict.nights_needed
    return f"{needed} more gate night{'s' * (needed != 1)} would decide it" if needed else ""


def _nearest(found: Sequence[Margin]) -> Margin | None:
    """Gains are measured in loss, which no share compares with: they come first where both are."""
    per_row = [one for one in found if one.name in _PER_ROW]
    return min(per_row or found, key=lambda one: one.relative, default=None)


def _is_wrong(one: Margin) -> bool:
    if one.name.endswith(_AT_MOST):
        return one.value > one.limit
    return one.value < one.limit


def _moved(one: Margin) -> str:
    if one.name in _PER_ROW:
        way = "higher" if one.value >= one.limit else "lower"
        return f"a loss {figure(one.distance)} a row {way} on every gate night"
    way = "lower" if one.value >= one.limit else "higher"
    return f"{one.name.replace('_', ' ')} {figure(one.distance)} {way}"


def margin_rows(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, ...]]:
    """Gate, verdict, observed, limit, margin and what would flip it: a row a limit of each gate."""
    for verdict in verdicts:
        flips = what_would_flip(verdict)
        found = margins(verdict)
        if not found:
            yield verdict.gate, verdict.outcome, "-", "-", "-", flips or verdict.sentence
        for number, one in enumerate(found):
            yield (
                verdict.gate,
                verdict.outcome,
                f"{_CALLED.get(one.name, one.name.replace('_', ' '))} {figure(one.value)}",
                figure(one.limit),
                figure(one.distance),
                flips if number == 0 else "",
            )
