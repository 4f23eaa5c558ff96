"""The page of a replay: whether the past was reproduced, then one row a policy.

Its words and rows are `tasks.telling.replays`.
"""

from collections.abc import Iterator, Sequence

from tasks.engine.replay.asked import Asked
from tasks.engine.replay.comparison import Comparison
from tasks.engine.replay.reproduce import Difference, Reproduced
from tasks.telling.markdown import Page, code, heading, page, paragraph, table
from tasks.telling.replays import (
    ASKED,
    asked_row,
    lived_headings,
    lived_row,
    tell_whether_reproduced,
)

MOST_DIFFERENCES = 20


def replay_page(
    project: str, reproduced: Reproduced, asked: Sequence[Asked], lived: Comparison | None
) -> Page:
    """What a replay of this project found; `lived` only with refits."""
    return page(tell_whether_reproduced(reproduced), _blocks(project, reproduced, asked, lived))


def _blocks(
    project: str, reproduced: Reproduced, asked: Sequence[Asked], lived: Comparison | None
) -> Iterator[str]:
    yield paragraph(f"{project}, the recorded past computed again; nothing was stored.")
    yield from _records("Differences", reproduced.differences)
    yield from _records("Not checked", reproduced.notes)
    if lived is not None:
        yield heading(
            f"Policies lived through with their own models, {lived.first} to {lived.last}"
        )
        rows = [lived_row(result) for result in lived.results]
        yield table(lived_headings(lived), rows, right=(1, 2, 4, 5, 6, 7, 8, 10))
        yield paragraph("Kept: the share of what nightly retraining gains over never.")
    elif asked:
        yield heading("What each policy would have asked for, on the recorded evidence")
        yield table(ASKED, [asked_row(one) for one in asked], right=(1, 2, 4, 5))
    yield heading("Next")
    yield code([_next(project, reproduced, lived)])


def _records(title: str, found: Sequence[Difference]) -> Iterator[str]:
    if not found:
        return
    yield heading(title)
    yield table(("Record", "What"), [(one.key, one.sentence) for one in found[:MOST_DIFFERENCES]])
    if len(found) > MOST_DIFFERENCES:
        yield paragraph(f"And {len(found) - MOST_DIFFERENCES:,} more.")


def _next(project: str, reproduced: Reproduced, lived: Comparison | None) -> str:
    if reproduced.differences:
        return f"driftloop verify {project}"
    return f"driftloop replay {project}{' --page replay.html' if lived else ' --refit'}"
