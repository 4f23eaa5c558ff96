"""The memorisation panel in words, as a table and as a picture.

How it comes about is `tasks.engine.memorise`; how to read it, docs/cards.md.
"""

from collections.abc import Iterator

from schemas.memorisation import Estimate, Memorisation
from tasks.telling.figures import figure, signed
from tasks.telling.line import Line
from tasks.telling.markdown import Picture
from tasks.telling.paper import Block, Table, Text
from tasks.telling.pictures.intervals import Bar, draw_intervals

_LOST = "gain lost on unseen nights"
_NOISE = "shuffled labels fitted"
_TAKEN = "planted labels taken over"


def tell_memorisation(panel: Memorisation | None) -> Iterator[Line]:
    """The panel in one line."""
    if panel is None:
        return
    shares = "; ".join(f"{name} {_share(one)}" for name, one in _shares(panel))
    near = f"{panel.near:,} of {panel.gate_rows:,} gate rows near a training row"
    yield Line("memorised", f"{shares}; {near}" if shares else near)


def memorisation_paper(panel: Memorisation | None) -> Iterator[Block]:
    """What there is to see of memorising; nothing for a record that has no panel."""
    if panel is None:
        return
    yield Text(
        f"On the newest {panel.rows:,} training rows of {panel.nights} nights, and on gate nights "
        "that the model has not seen. 0 is understanding alone, 100 % is learning by heart."
    )
    if shares := list(_shares(panel)):
        yield _draw(shares)
    yield Table(("What", "Observed", "95 % interval", "How it reads"), tuple(_rows(panel)), (1, 2))


def _shares(panel: Memorisation) -> Iterator[tuple[str, Estimate]]:
    if panel.lost:
        yield _LOST, panel.lost
    if panel.noise is not None:
        yield _NOISE, Estimate(value=panel.noise)
    if panel.exposure:
        yield _TAKEN, panel.exposure


def _draw(shares: list[tuple[str, Estimate]]) -> Picture:
    bars = [
        Bar(name, one.value, *_ends(one), "now" if (one.lower or 0) > 0 else "ref")
        for name, one in shares
    ]
    told = ", ".join(f"{name} {_share(one)}" for name, one in shares)
    return draw_intervals("Shares memorised, with 95 % intervals where there are any", told, bars)


def _ends(one: Estimate) -> tuple[float, float]:
    """Those of the interval, or the value itself."""
    if one.lower is None or one.upper is None:
        return one.value, one.value
    return one.lower, one.upper


def _rows(panel: Memorisation) -> Iterator[tuple[str, str, str, str]]:
    unseen = f"{figure(panel.holdout_loss)} on unseen nights"
    told = f"{unseen}, {figure(panel.training_loss)} on training rows"
    yield "loss a row: gap", signed(panel.gap.value), _between(panel.gap), told
    for name, one in _shares(panel):
        reads = _READS[name].format(panel=panel)
        yield name, f"{one.value:.1%}", _between(one, percent=True), reads
        if name == _NOISE and panel.noise_gain:
            reads = "loss that this fit saves over the constant: about 0, or less"
            yield (
                "the same on unseen nights",
                signed(panel.noise_gain.value),
                _between(panel.noise_gain),
                reads,
            )
    share = panel.near / panel.gate_rows if panel.gate_rows else 0.0
    yield "gate rows near a training row", f"{share:.1%}", "-", _near(panel)
    if easier := panel.near_gap:
        reads = "loss of the others less theirs: above 0 it does better on what it has met"
        yield "loss saved by being near", signed(easier.value), _between(easier), reads


_READS = {
    _LOST: "of its gain over the constant on training rows",
    _NOISE: "what the recipe can learn by heart where there is nothing to learn",
    _TAKEN: "how far a prediction follows its own row's label, on {panel.canaries} rows",
}


def _near(panel: Memorisation) -> str:
    losses = [
        f"{name} {figure(loss)}"
        for name, loss in (("their loss", panel.near_loss), ("the others'", panel.rest_loss))
        if loss is not None
    ]
    return ", ".join(losses)


def _share(one: Estimate) -> str:
    if one.lower is None or one.upper is None:
        return f"{one.value:.0%}"
    return f"{one.value:.0%} ({one.lower:.0%} to {one.upper:.0%})"


def _between(one: Estimate, *, percent: bool = False) -> str:
    if one.lower is None or one.upper is None:
        return "-"
    if percent:
        return f"{one.lower:.1%} to {one.upper:.1%}"
    return f"{signed(one.lower)} to {signed(one.upper)}"
