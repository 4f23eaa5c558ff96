"""Two versions side by side: words, tables, a picture. Comparing is `tasks.engine.compare`."""

from collections.abc import Iterator, Sequence

from schemas.compared import Compared, Difference, Side
from schemas.examination import FeatureGain
from tasks.telling.figures import figure, loss_name, signed
from tasks.telling.lineage import tell_nights
from tasks.telling.paper import Block, Paper, Section, Text, facts, section, table
from tasks.telling.pictures.by_night import Band, Series, draw_by_night

_SHORT = 9
_REVISED = 20
"""Differences of data that a page has room for."""


def compared_paper(told: Compared) -> Paper:
    """The comparison as a page; the same sections go on a terminal."""
    return Paper(
        title=f"{told.project}: {told.one.version} and {told.other.version}",
        lead=_lead(told),
        sections=tuple(_sections(told)),
    )


def _names(told: Compared) -> tuple[str, str]:
    """Both versions, short enough to stand above columns."""
    one, other = told.one.version, told.other.version
    return (one[:_SHORT], other[:_SHORT]) if one[:_SHORT] != other[:_SHORT] else (one, other)


def _lead(told: Compared) -> str:
    name, other = loss_name(told.task), told.other.version
    if told.gain is None:
        return f"{_too_few(told)} so nothing says which is better."
    gain, nights = told.gain, len(told.nights)
    limits = f"{signed(gain.lower)} to {signed(gain.upper)}"
    measured = f"{signed(gain.gain)} {name} a row, 95 % interval {limits} over {nights} nights"
    if gain.lower > 0:
        return f"{other} is better on nights that neither was trained on: it saves {measured}."
    if gain.upper < 0:
        limits = f"{figure(-gain.upper)} to {figure(-gain.lower)}"
        return (
            f"{other} is worse on nights that neither was trained on: it loses "
            f"{figure(-gain.gain)} {name} a row more, 95 % interval {limits} over {nights} nights."
        )
    return (
        f"No difference is shown on nights that neither was trained on: {other} saves {measured}."
    )


def _too_few(told: Compared) -> str:
    if told.nights:
        return "Only one labelled night was seen by neither,"
    return "There is no labelled night that neither was trained on,"


def _sections(told: Compared) -> Iterator[Section]:
    yield from section("Nights", _nights(told))
    yield from section("Both", [table(("", *_names(told)), _both(told))])
    yield from section("Recipe", [_table(told, told.recipe) or Text("The same in every field.")])
    yield from section("Data", _data(told))
    yield from section("Software", [_table(told, told.software) or Text("The same.")])
    yield from section("Gains of features", _gains(told))


def _nights(told: Compared) -> Iterator[Block | None]:
    if not told.nights:
        yield facts([(side.version, _unseen(side)) for side in (told.one, told.other)])
        yield Text(
            "Nights that come are seen by neither: compare again once their labels are in. How "
            "each was judged before it served is on its card."
        )
        return
    gain = told.gain
    yield draw_by_night(
        f"Mean {loss_name(told.task)} of a row that {told.other.version} saves, by night",
        f"Gains on {tell_nights([night.as_of for night in told.nights])}; above zero "
        f"{told.other.version} is better, the band is the 95 % interval of the mean.",
        [Series("gain", {night.as_of: night.gain for night in told.nights})],
        Band(gain.lower, gain.upper) if gain else None,
    )
    rows = [
        (
            str(night.as_of),
            f"{night.rows:,}",
            figure(night.one / night.rows),
            figure(night.other / night.rows),
            signed(night.gain),
        )
        for night in told.nights
    ]
    headings = ("night", "rows", *_names(told), "saved a row")
    yield table(headings, rows, right=(1, 2, 3, 4))


def _unseen(side: Side) -> str:
    known = f"knows {side.first_night} to {side.last_night}"
    return f"{known}; new to it of the labelled nights: {tell_nights(side.unseen)}"


def _both(told: Compared) -> Iterator[tuple[str, ...]]:
    sides = (told.one, told.other)
    yield "version", *(side.version for side in sides)
    yield "as of", *(str(side.as_of) for side in sides)
    yield "rows", *(f"{side.rows:,}" for side in sides)
    yield "nights", *(f"{side.nights}" for side in sides)
    yield "window", *(f"{side.first_night} to {side.last_night}" for side in sides)
    yield "unseen", *(tell_nights(side.unseen) for side in sides)
    for name in told.one.metrics:
        values = (side.metrics.get(name) for side in sides)
        told_values = (figure(x) if x is not None else "-" for x in values)
        yield name.replace("_", " "), *told_values


def _table(told: Compared, differences: Sequence[Difference]) -> Block | None:
    rows = [(one.what, one.one or "-", one.other or "-") for one in differences]
    return table(("what", *_names(told)), rows)


def _data(told: Compared) -> Iterator[Block | None]:
    yield _table(told, told.data[:_REVISED]) or Text("The same nights by the same revisions.")
    if len(told.data) > _REVISED:
        yield Text(f"And {len(told.data) - _REVISED} more, which --json names.")


def _gains(told: Compared) -> Iterator[Block | None]:
    one, other = told.gains_of
    if one and one == other:
        yield Text(f"Both are of one recipe, examined once: {one}.")
        same = [(both.feature, _gain(both.one)) for both in told.gains]
        yield table(("feature", "loss a row that it saves"), same, right=(1,))
        return
    yield facts(
        (side.version, key or "its recipe was never examined")
        for side, key in ((told.one, one), (told.other, other))
    )
    rows = [(both.feature, _gain(both.one), _gain(both.other)) for both in told.gains]
    yield table(("feature", *_names(told)), rows, right=(1, 2))


def _gain(gain: FeatureGain | None) -> str:
    if gain is None:
        return "-"
    return f"{figure(gain.gain)} ({figure(gain.lower)} to {figure(gain.upper)})"
