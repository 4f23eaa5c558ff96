"""The demo's figures, drawn by the helpers that all pages share."""

from collections.abc import Iterator
from typing import Any

from deployments.demo.facts import Facts, NightFact
from deployments.page.plots import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Event,
    Line,
    Span,
    Style,
    heat_map,
    lines_by_night,
    stacked_bars,
)

STYLES = {
    "promoted": Style("promoted", BLUE, "triangle-up"),
    "early": Style("promoted early, by an alarm", GREEN, "star"),
    "refused": Style("challenger refused", ORANGE, "x"),
    "failed": Style("promotion failed", "#b8a800", "cross"),
    "undecided": Style("undecided", SKY, "circle-open"),
    "batch refused": Style("batch refused", RED, "square"),
    "fault": Style("data fault", PURPLE, "diamond"),
}


def quality_figure(facts: Facts) -> Any:
    """Loss by night of the three ways, with what happened when."""
    lines = (
        Line("trained once", facts.lines.trained_once, GREY, dash="dot", width=2),
        Line("schedule only", facts.lines.schedule_only, ORANGE, dash="dash", width=2),
        Line("driftloop", facts.lines.driftloop, BLUE, width=3),
    )
    return lines_by_night(lines, [*_events(facts)], STYLES, [*_spans(facts)], facts.loss_name)


def _spans(facts: Facts) -> Iterator[Span]:
    """Simulated nights; simulations of the same nights share a label."""
    numbered = [(f"S{place}", event) for place, event in enumerate(facts.simulated, start=1)]
    for nights in dict.fromkeys((event.first, event.last) for _, event in numbered):
        same = [pair for pair in numbered if (pair[1].first, pair[1].last) == nights]
        label = "+".join(label for label, _ in same)
        yield Span(label, *nights, " ".join(event.sentence for _, event in same))


def _events(facts: Facts) -> Iterator[Event]:
    for night in facts.nights:
        if any(revision.data == "refused" for revision in night.revisions):
            yield Event(night.as_of, "batch refused", f"{night.as_of}: {night.revisions[0].told}")
        if night.mark in STYLES and night.mark != "batch refused":
            yield Event(night.as_of, night.mark, f"{night.as_of}: {_happened(facts, night)}")


def _happened(facts: Facts, night: NightFact) -> str:
    told = [retrain.sentence for retrain in facts.retrains if retrain.as_of == night.as_of]
    return told[-1] if told else night.newest.sentence


def drift_figure(facts: Facts) -> Any:
    """Distance over threshold, columns x nights; those that came furthest are on top."""
    worst = {name: max(shares) for name, shares in _measured(facts).items() if shares}
    shown = sorted(worst, key=lambda name: (-worst[name], name))
    rows = {name: [night.nearness.get(name) for night in facts.nights] for name in shown}
    return heat_map([night.as_of for night in facts.nights], rows)


def silent_columns(facts: Facts) -> list[str]:
    """Columns that could alarm on no night at all."""
    return sorted(name for name, shares in _measured(facts).items() if not shares)


def _measured(facts: Facts) -> dict[str, list[float]]:
    """Shares of the threshold by column, of the nights on which it could have been passed."""
    names = {name for night in facts.nights for name in night.nearness}
    shares = {name: [night.nearness.get(name) for night in facts.nights] for name in names}
    return {name: [v for v in row if v is not None] for name, row in shares.items()}


def rows_figure(facts: Facts) -> Any:
    """Rows read by night: kept, quarantined, deduplicated."""
    parts = {
        "kept": (BLUE, [night.kept for night in facts.nights]),
        "quarantined": (RED, [night.quarantined for night in facts.nights]),
        "deduplicated": (GREY, [night.deduplicated for night in facts.nights]),
    }
    return stacked_bars([night.as_of for night in facts.nights], parts)


def defaults_figure(facts: Facts) -> Any:
    """Columns that Evidently's default tests would flag, and that driftloop found drifted."""
    ours = {night.as_of: float(len(night.drifted)) for night in facts.nights}
    judged = [night.as_of for night in facts.defaults]
    lines = (
        Line("Evidently's defaults", {n.as_of: float(n.flagged) for n in facts.defaults}, RED),
        Line("driftloop", {night: ours[night] for night in judged}, BLUE),
    )
    alarms = [
        Event(night.as_of, "alarm", f"{night.as_of}: driftloop's alarm")
        for night in facts.defaults
        if night.alarmed
    ]
    styles = {"alarm": Style("driftloop's alarm", GREEN, "star")}
    figure = lines_by_night(lines, alarms, styles, (), "columns flagged")
    figure.update_traces(line_shape="hvh", selector={"mode": "lines"})
    figure.update_layout(height=300, yaxis={"tickformat": "d", "rangemode": "tozero"})
    return figure
