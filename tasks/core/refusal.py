"""When a night's rows are refused as a whole. What is wrong with each is `tasks.core.checking`."""

from dataclasses import dataclass

from schemas.batch import Failure
from tasks.core.reasons import EXAMPLES

_NAMED = 5


@dataclass(frozen=True)
class Tally:
    """What decides whether rows are refused as a whole. Sound ones do not come again."""

    rows: int = 0
    broken: int = 0
    sound: int = 0
    deduplicated: int = 0
    missing: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    def __add__(self, more: "Tally") -> "Tally":
        """Both together, of one table: further rows lack the same columns."""
        return Tally(
            rows=self.rows + more.rows,
            broken=self.broken + more.broken,
            sound=self.sound + more.sound,
            deduplicated=self.deduplicated + more.deduplicated,
            missing=more.missing,
            ignored=more.ignored,
            failures=_add_failures(self.failures, more.failures),
        )


def _add_failures(before: tuple[Failure, ...], more: tuple[Failure, ...]) -> tuple[Failure, ...]:
    """Each broken rule once, in the order in which they were met, with its first examples."""
    rules = {(failure.column, failure.check): failure for failure in before}
    for failure in more:
        rule = failure.column, failure.check
        if met := rules.get(rule):
            examples = (*met.examples, *failure.examples)[:EXAMPLES]
            told = {"rows": met.rows + failure.rows, "examples": examples}
            rules[rule] = met.model_copy(update=told)
        else:
            rules[rule] = failure
    return tuple(rules.values())


def why_refused(tally: Tally, limit: float) -> str | None:
    """Why rows are refused as a whole, or None when they are not."""
    if tally.missing:
        told = ", ".join(ascii(name)[1:-1][:60] for name in tally.ignored[:_NAMED])
        perhaps = f"; delivered and not in the contract: {told} (renamed?)" if told else ""
        return f"columns missing: {', '.join(tally.missing)}{perhaps}"
    rows, broken = tally.rows, tally.broken
    if not broken or (broken <= limit * rows and tally.sound > 0):
        return None
    worst = max(tally.failures, key=lambda failure: failure.rows)
    return (
        f"{broken} of {rows} rows broken ({broken / rows:.1%}, limit {limit:.1%}), "
        f"most by {worst.column}: {worst.check}"
    )
