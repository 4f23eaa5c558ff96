"""The self-test of the gates in words and as a table.

How it comes about is `tasks.engine.self_test`.
"""

from collections.abc import Iterator

from schemas.self_test import SelfTest, Who
from tasks.telling.line import Line
from tasks.telling.paper import Block, Table, Text

_SHOULD: dict[Who, tuple[str, str]] = {
    "itself": ("the champion against itself", "refuse it"),
    "noise": ("the champion with noise", "refuse it"),
    "shuffled": ("a model of shuffled labels", "refuse it"),
    "oracle": ("an oracle: scores moved to the labels", "let it pass"),
}


def tell_self_test(tested: SelfTest | None) -> Iterator[Line]:
    """One line: what is wrong, or that nothing is."""
    if tested is None:
        return
    if tested.wrong:
        yield Line("self-test", f"failed: {'; '.join(trial.sentence for trial in tested.wrong)}")
        return
    unsaid = [trial.sentence for trial in tested.trials if trial.finding == "cannot say"]
    right = len(tested.trials) - len(unsaid)
    told = [f"gates judge {right} of {len(tested.trials)} known challengers rightly", *unsaid]
    yield Line("self-test", "; cannot say: ".join(told))


def self_test_paper(tested: SelfTest | None) -> Iterator[Block]:
    """The table of all trials."""
    if tested is None:
        return
    yield Text(
        "The same gates, on the same rows, of challengers whose verdict is known beforehand:"
    )
    yield Table(
        ("Self-test", "Gates should", "Finding", "What they said"),
        tuple((*_SHOULD[one.who], one.finding, one.sentence) for one in tested.trials),
    )
