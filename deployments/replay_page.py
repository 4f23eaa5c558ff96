"""A replay as one page: when each policy retrains and, with refits, the loss of its nights."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from deployments.page.plots import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Line,
    axis,
    lines_by_night,
)
from deployments.page.render import render_page
from deployments.replaying import (
    ASKED,
    lived_headings,
    tell_faults,
    tell_reproduced,
    tell_what_was_done,
)
from flows.replay import Replayed
from tasks.engine.replay.asked import Asked
from tasks.engine.replay.comparison import Comparison, Result, rolling
from tasks.telling.replays import asked_row, lived_row

_COLOURS = {
    "own": BLUE,
    "never": GREY,
    "nightly": GREEN,
    "every-3": SKY,
    "every-7-or-hint": ORANGE,
    "schedule-only": PURPLE,
    "drift-only": RED,
    "one-window": BLUE,
    "windows": BLUE,
}
_DASHES = {"never": "dot", "nightly": "dash", "one-window": "dashdot", "windows": "longdash"}
_CAUSES = {
    "first": ("star", GREY),
    "schedule": ("circle", BLUE),
    "drift": ("triangle-up", RED),
    "quality": ("square", PURPLE),
    "hint": ("diamond", ORANGE),
    "change": ("cross", GREEN),
}
_MEAN_NIGHTS = 14


def render_replay(replayed: Replayed) -> str:
    """The page as one HTML file."""
    lived = replayed.lived
    headings, rows = ASKED, [asked_row(asked) for asked in replayed.asked]
    if lived is not None:
        headings, rows = lived_headings(lived), [lived_row(result) for result in lived.results]
    return render_page(
        "replay.html",
        project=replayed.project,
        told=list(tell_reproduced(replayed.reproduced)),
        done=tell_what_was_done(replayed),
        headings=headings,
        rows=rows,
        faults=tell_faults(lived) if lived else None,
        losses=_loss_figure(lived) if lived else None,
        mean_nights=_window(lived) if lived else 0,
        asked=_asked_figure(replayed.asked) if replayed.asked else None,
    )


def _window(lived: Comparison) -> int:
    """Nights in a mean: 14, or fewer where there are hardly as many."""
    return max(1, min(_MEAN_NIGHTS, lived.results[0].nights // 3))


def _loss_figure(lived: Comparison) -> Any:
    """The mean loss of the newest nights by policy; a dot where a new champion began to serve."""
    smooth = {result.policy: rolling(result.losses, _window(lived)) for result in lived.results}
    lines = [
        Line(name, values, _COLOURS[name], _DASHES.get(name, "solid"), 3 if name == "own" else 1.5)
        for name, values in smooth.items()
    ]
    figure = lines_by_night(lines, [], {}, [], "mean loss")
    for result in lived.results:
        _mark_promotions(figure, result, smooth[result.policy])
    return figure


def _mark_promotions(figure: Any, result: Result, values: dict[date, float]) -> None:
    nights = [night for night in result.promoted if night in values]
    if not nights:
        return
    figure.add_scatter(
        x=[*map(axis, nights)],
        y=[values[night] for night in nights],
        mode="markers",
        marker={"color": _COLOURS[result.policy], "size": 6},
        showlegend=False,
        hovertemplate=f"{escape(result.policy)}: new champion<extra></extra>",
    )


def _asked_figure(asked: Sequence[Asked]) -> Any:
    """One row a policy, one symbol a retrain, by cause."""
    figure = lines_by_night([], [], {}, [], "")
    names = [one.policy for one in asked]
    for cause in sorted({move.cause for one in asked for move in one.retrains}):
        symbol, colour = _CAUSES.get(cause, ("circle-open", GREY))
        moves = [(m.as_of, one.policy) for one in asked for m in one.retrains if m.cause == cause]
        figure.add_scatter(
            x=[axis(night) for night, _ in moves],
            y=[policy for _, policy in moves],
            name=escape(cause),
            mode="markers",
            marker={"symbol": symbol, "color": colour, "size": 8},
            hovertemplate=f"%{{x}}: {escape(cause)}<extra>%{{y}}</extra>",
        )
    lanes = {"type": "category", "categoryarray": names[::-1], "domain": [0, 1], "title": ""}
    figure.update_layout(
        yaxis={**lanes, "range": [-0.6, len(names) - 0.4]},
        hovermode="closest",
        height=120 + 34 * len(names),
    )
    return figure
