"""The demo's summary for the terminal: a dozen lines."""

from collections import Counter
from collections.abc import Iterator

from deployments.demo.facts import Facts
from deployments.demo.sentences import (
    admit,
    count_outcomes,
    mean_losses,
    tell_defaults,
)


def summary_lines(facts: Facts) -> Iterator[tuple[str, str]]:
    """One line a subject, with its numbers."""
    nights, first, last = facts.nights, facts.nights[0].as_of, facts.nights[-1].as_of
    kept = facts.history_rows + sum(night.kept for night in nights)
    aside = sum(night.quarantined for night in nights)
    yield "nights", f"{len(nights)} live, {first} to {last}, after {_span(facts)} of history"
    yield "rows", f"{kept:,} kept, {aside:,} quarantined in live nights"
    yield "decided", ", ".join(f"{n} {state}" for state, n in _states(facts).items())
    yield "retrains", _retrains(facts)
    for retrain in facts.retrains:
        if retrain.outcome in ("refused", "failed", "undecided"):
            yield retrain.outcome, f"{retrain.as_of} {retrain.sentence}"
    yield "champions", f"{len(facts.champions)}, now {facts.champions[-1].version}"
    yield "loss", ", ".join(f"{name} {v:.4f}" for name, v in mean_losses(facts).items())
    yield "alarm", admit(facts)
    yield "defaults", tell_defaults(facts)
    for event in facts.simulated:
        yield "simulated", event.sentence.removeprefix("Simulated: ")


def print_summary(facts: Facts) -> None:
    """The lines, under a heading."""
    from deployments.printing import print_lines

    print_lines("Summary", [(f"{step} ", text) for step, text in summary_lines(facts)])


def _span(facts: Facts) -> str:
    first, last = facts.history
    return f"{(last - first).days + 1} nights"


def _states(facts: Facts) -> Counter[str]:
    return Counter(revision.state for night in facts.nights for revision in night.revisions)


def _retrains(facts: Facts) -> str:
    ended = ", ".join(f"{count} {name}" for name, count in count_outcomes(facts).items() if count)
    causes = Counter(retrain.cause for retrain in facts.retrains)
    told = ", ".join(f"{count} {cause}" for cause, count in causes.items())
    return f"{ended}; caused by {told}"
