"""Labels that could not be used, in words. How they are settled is `tasks.core.labelling`."""

from collections.abc import Iterator

from schemas.labels import Labels
from tasks.telling.line import Line


def tell_unusable(labels: Labels) -> Iterator[Line]:
    """How many labels of a night were left out and why; nothing when all are in use."""
    counted = (
        (labels.contradictory, "of keys with two values"),
        (labels.invalid, "invalid"),
        (labels.unknown, "of keys that no row has"),
    )
    if aside := ", ".join(f"{count} {what}" for count, what in counted if count):
        kept = f"{labels.kept} of {labels.read} labels of {labels.as_of} in use"
        yield Line("labels", f"{kept}; {aside}{_rules(labels)}")


def _rules(labels: Labels) -> str:
    told = [
        f"{failure.column}: {failure.check}, {failure.rows} times"
        + (f", such as {', '.join(failure.examples)}" if failure.examples else "")
        for failure in labels.failures
    ]
    return f" ({'; '.join(told)})" if told else ""
