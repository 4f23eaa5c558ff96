"""One explained row in words, tables and a picture. Explaining is `tasks.engine.explain`."""

from collections.abc import Iterator, Sequence

from schemas.explained import Explained, Stage
from tasks.telling.figures import figure, signed
from tasks.telling.paper import Block, Commands, Paper, Section, Text, facts, section, table
from tasks.telling.pictures.contributions import draw_contributions

_SHOWN = 15
"""Bars that a picture has room for; the rest is one bar."""
_SAME = 1e-6
_CHANCES = 5
"""Classes that a sentence has room for."""


def explained_paper(told: Explained) -> Paper:
    """The explanation as a page; the same sections go on a terminal."""
    return Paper(
        title=f"{told.project}: {told.key}, {told.as_of}",
        lead=f"{told.version} predicts {_predicted(told)}. {_recorded(told)}",
        sections=tuple(_sections(told)),
    )


def _predicted(told: Explained) -> str:
    if told.task == "binary":
        return f"{told.prediction:.4f}, the probability of 1"
    if told.chances:
        others = ", ".join(f"{one.name} {one.probability:.4f}" for one in told.chances[1:_CHANCES])
        likeliest = told.chances[0]
        return f"{likeliest.name} with probability {likeliest.probability:.4f}; next {others}"
    return figure(told.prediction)


def _recorded(told: Explained) -> str:
    recorded = told.recorded
    if recorded is None:
        return "Nothing was predicted of this row that night; this is by today's champion."
    same = abs(recorded.prediction - told.prediction) <= _SAME * max(1.0, abs(told.prediction))
    if same:
        return "That is what was recorded that night."
    number = f"{recorded.class_name} {figure(recorded.prediction)}".strip()
    if not recorded.same_batch:
        return f"Recorded was {number}: the night was delivered again since, and scored before."
    return f"Recorded was {number}: what the row looks back at, or its cleaning, changed since."


def _sections(told: Explained) -> Iterator[Section]:
    yield from section("What each feature contributes", _contributions(told))
    yield from section("The way of its values", _paths(told))
    yield from section("Records", [facts(_records(told))])
    next_commands = (
        f"driftloop why {told.project} {told.as_of}",
        f"driftloop card {told.project} {told.version}",
    )
    yield from section("Next", [Commands(next_commands)])


def _contributions(told: Explained) -> Iterator[Block | None]:
    if told.how == "tree paths":
        yield Text(
            f"By the paths through its trees, in {told.unit}: all rows begin at "
            f"{figure(told.base or 0)}, with the contributions it is {figure(told.margin or 0)}, "
            f"which {_leads_to(told)}."
        )
    else:
        yield Text(
            f"Each feature alone set to its training median or most frequent value, in "
            f"{told.unit}: what the prediction loses by that. Features that say the same stand in "
            "for each other, so these numbers do not add up to the prediction."
        )
    yield _picture(told)
    switched = told.how == "switched"
    headings = ("feature", "value", *(["switched to"] if switched else []), "contribution", "from")
    rows = [
        (
            one.feature,
            one.value,
            *([one.typical or "-"] if switched else []),
            signed(one.contribution),
            ", ".join(one.columns),
        )
        for one in told.contributions
    ]
    if told.hidden:
        blank = ["-"] * (len(headings) - 3)
        rows.append((_hidden(told), *blank, signed(told.hidden_contribution), "not shown"))
    yield table(headings, rows, right=(len(headings) - 2,))


def _leads_to(told: Explained) -> str:
    if told.unit == "log-odds":
        return f"is a probability of {told.prediction:.4f}"
    return "is the prediction" if told.unit != "log" else f"leads to {figure(told.prediction)}"


def _hidden(told: Explained) -> str:
    return f"{told.hidden} of sensitive columns, together"


def _picture(told: Explained) -> Block:
    bars = [(f"{one.feature} = {one.value}", one.contribution) for one in told.contributions]
    shown, rest = bars[:_SHOWN], bars[_SHOWN:]
    if rest:
        shown.append((f"{len(rest)} others, together", sum(value for _, value in rest)))
    if told.hidden:
        shown.append((_hidden(told), told.hidden_contribution))
    title = f"What moves the prediction, in {told.unit}"
    return draw_contributions(title, "The table below has the same numbers.", shown)


def _paths(told: Explained) -> Iterator[Block | None]:
    if told.delivered:
        yield Text(f"As it was delivered it cannot be shown: {told.delivered}.")
    rows = [
        (
            path.column,
            " → ".join(f"{stage.value} ({stage.at})" for stage in _changed(path.stages)),
            ", ".join(path.features) or "no feature",
        )
        for path in told.paths
    ]
    yield table(("column", "its values", "features"), rows)


def _changed(stages: Sequence[Stage]) -> Iterator[Stage]:
    """The stages at which the value is another; 12 and the text 12.0 are one."""
    before: str | None = None
    for stage in stages:
        if before is None or not _is_same(before, stage.value):
            yield stage
        before = stage.value


def _is_same(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def _records(told: Explained) -> Iterator[tuple[str, str]]:
    yield "batch", told.batch
    yield (
        "model",
        f"{told.version}, {'the champion' if told.is_champion else 'no longer the champion'}",
    )
