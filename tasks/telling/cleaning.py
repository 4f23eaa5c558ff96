"""What joins and declared cleaning did to a night's rows, in words, before the contract."""

from collections.abc import Iterator

from schemas.batch import Batch, Cleaned, RefusedReading
from schemas.night import Night
from schemas.period import shift
from tasks.engine.records import newest
from tasks.store import Store
from tasks.telling.line import Line


def tell_matches(batch: Batch) -> Iterator[Line]:
    """How many rows found their row in each joined table."""
    for match in [one for one in batch.matches if one.rows]:
        found = f"{match.matched:,} of {match.rows:,} rows ({match.share:.1%})"
        problem = f": {match.problem}" if match.problem else ""
        yield Line("join", f"{match.name} matched {found}{problem}")


def tell_standing(store: Store, night: Night) -> Iterator[Line]:
    """Nights before this one, still looked at, that stand though a joined table was refused."""
    nights = [shift(night.as_of, -back) for back in range(1, night.policy.recheck + 1)]
    found = [newest(store, Batch, night.project, one) for one in nights]
    standing = [(one[1].as_of, one[1].refused_since) for one in found if one]
    refused = [(one, since) for one, since in standing if since]
    if refused:
        (last, since), first = refused[0], refused[-1][0]
        span = f"night {last}" if len(refused) == 1 else f"{len(refused)} nights, {first} to {last}"
        yield Line("refused", f"{span}, {tell_refused_since(since)}")


def tell_refused_since(refused: RefusedReading) -> str:
    """That the rows stand though a joined table went wrong, and how."""
    why = refused.sentence.rstrip(".")
    return f"read again with other tables: {why}. The rows that were accepted before stand."


def tell_cleaning(batch: Batch) -> Iterator[Line]:
    """One line for each step that did something."""
    return (
        Line("clean", tell_step(step)) for step in batch.cleaning if step.changed or step.dropped
    )


def tell_step(step: Cleaned) -> str:
    """How many rows a step changed and dropped, of how many, with examples."""
    counted = ((step.changed, "changed"), (step.dropped, "dropped"))
    did = " and ".join(f"{count:,} {what}" for count, what in counted if count) or "none changed"
    shown = f", such as {'; '.join(step.examples)}" if step.examples else ""
    return f"{step.step}: {did} of {step.before:,} rows{shown}"
