"""What joins and declared cleaning did to a night's rows, in words, before the contract."""

from collections.abc import Iterator

from schemas.batch import Batch, Cleaned, RefusedReading
from tasks.telling.line import Line


def tell_matches(batch: Batch) -> Iterator[Line]:
    """How many rows found their row in each joined table."""
    for match in [one for one in batch.matches if one.rows]:
        found = f"{match.matched:,} of {match.rows:,} rows ({match.share:.1%})"
        yield Line("join", f"{match.name} matched {found}")


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
