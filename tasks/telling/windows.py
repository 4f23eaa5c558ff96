"""The training windows of one attempt in words: which were kept, which pruned, and why.

The rule is `tasks.engine.pruning`.
"""

from collections.abc import Iterator

from schemas.judgement import Judgement, Window
from tasks.telling.figures import figure

WINDOW_HEADINGS = ("window", "nights", "rows", "loss before", "loss on gate nights", "judged")


def window_rows(judgement: Judgement | None) -> Iterator[tuple[str, ...]]:
    """A row a window; nothing for an attempt that had all past alone."""
    for window in judgement.windows if judgement else ():
        yield (
            name_of_window(window),
            f"{window.fit.nights:,}",
            f"{window.fit.rows:,}",
            _number(window.score),
            _number(window.loss),
            why_kept(window, judgement.windows if judgement else ()),
        )


def name_of_window(window: Window) -> str:
    """Its length, whatever history there was."""
    return "all past" if window.nights is None else f"newest {window.nights}"


def why_kept(window: Window, windows: tuple[Window, ...]) -> str:
    """Whether it was a member of the challenger that was judged, with the reason."""
    scores = [one.score for one in windows if one.score is not None]
    if window.score is None or not scores:
        return "kept: fewer than three contests known" if window.kept else "not yet: too few known"
    if min(scores) == window.score:
        return "kept: the best before"
    ratio = window.score / min(scores) if min(scores) > 0 else float("inf")
    return f"{'kept' if window.kept else 'pruned'}: {ratio:.2f} x the best before"


def _number(value: float | None) -> str:
    return "" if value is None else figure(value)
