"""The searches that a model card shows: the ladder's table, the trials, and when to search again.

How each is told by its own command is `.ladders` and `.tunings`.
"""

from collections.abc import Iterator

from schemas.model_card import ModelCard
from schemas.search import LadderFound, Search
from tasks.core.searching import why_again
from tasks.telling.figures import loss_name
from tasks.telling.ladders import family_row, headings
from tasks.telling.paper import Block, Section, Text, section, table
from tasks.telling.pictures.intervals import Bar, draw_intervals
from tasks.telling.tunings import rate_blocks, trial_blocks


def search_sections(told: ModelCard) -> Iterator[Section]:
    """Families, parameters and learning rates; where none were compared, the command that does."""
    ladder = next((one for one in told.searches if one.ladder), None)
    tuning = next((one for one in told.searches if one.tuned), None)
    yield from section("Why this family", _ladder_blocks(told, ladder))
    yield from section("Why these parameters", _tuning_blocks(told, tuning))
    if tuning and tuning.tuned:
        yield from section("Learning rate", rate_blocks(tuning.tuned, tuning.task))


def _ladder_blocks(told: ModelCard, search: Search | None) -> Iterator[Block | None]:
    if search is None or search.ladder is None:
        yield Text(f"No families were compared: driftloop ladder {told.card.project}")
        return
    own, chosen = told.card.recipe["family"]["kind"], search.ladder.tried[search.ladder.chosen]
    if chosen.family["kind"] != own:
        yield Text(f"This model is {own}; the rule proposes another family.")
    yield Text(f"{search.why} {_made(told, search)}")
    yield from family_blocks(search, search.ladder)
    yield from _again(told, search, "ladder")


def family_blocks(search: Search, found: LadderFound) -> Iterator[Block | None]:
    """Families as a picture and a table, and what failed."""
    yield _draw_families(found, search.task)
    columns = headings(search.task)
    rows = [family_row(search.task, one) for one in found.tried]
    yield table([name.lower() for name in columns], rows, right=range(1, len(columns)))
    failed = [one for one in found.tried if one.failure]
    yield from (Text(f"{one.declared} failed: {one.failure}") for one in failed)
    yield Text(search.folds)


def _draw_families(found: LadderFound, task: str) -> Block | None:
    """Losses with their intervals, the family that the rule chooses in blue."""
    bars = [
        Bar(
            one.declared,
            one.measured.loss,
            one.measured.lower,
            one.measured.upper,
            "now" if place == found.chosen else "ref",
        )
        for place, one in enumerate(found.tried)
        if one.measured
    ]
    title = f"{loss_name(task).capitalize()} a row with its 95 % interval over nights"
    return draw_intervals(title, f"{len(bars)} families; {bars[0].name} first.", bars)


def _tuning_blocks(told: ModelCard, search: Search | None) -> Iterator[Block | None]:
    if search is None or search.tuned is None:
        yield Text(f"Parameters were not searched: driftloop tune {told.card.project}")
        return
    yield Text(f"{search.why} {_made(told, search)}")
    yield from trial_blocks(search, search.tuned)
    yield from _again(told, search, "tune")


def _made(told: ModelCard, search: Search) -> str:
    made = told.judgement.as_of if told.judgement else told.card.as_of
    later = ", later than this version was made" if search.as_of > made else ""
    return f"Found as of {search.as_of}{later}."


def _again(told: ModelCard, search: Search, command: str) -> Iterator[Text]:
    """Whether retrains may go on with what was found: one line."""
    card = told.card
    why = why_again(search.as_of, card.as_of, search.trained_rows, card.most[1])
    if why:
        yield Text(f"Search again, {why}: driftloop {command} {card.project}", warns=True)
