"""Figures that pages share: lines by night, heat map, stacked bars. They suit light and dark.

Text that comes from data is escaped here, because Plotly reads markup in hover texts and names.
Colours are those of Okabe and Ito, which colour-blind readers can tell apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from schemas.period import plain

BLUE, ORANGE, GREEN, RED = "#1478bd", "#e69f00", "#009e73", "#d55e00"
PURPLE, SKY, GREY = "#cc79a7", "#56b4e9", "#8a8f98"

_HALF_NIGHT = timedelta(hours=12)
_BELOW_LIMIT = [[0.0, "#eaf1f8"], [0.4999, "#6fa3cc"]]
_ABOVE_LIMIT = [[0.5, "#f2a25c"], [1.0, "#9c2f00"]]


@dataclass(frozen=True)
class Line:
    """One line by night."""

    name: str
    values: Mapping[date, float]
    colour: str
    dash: str = "solid"
    width: float = 2.5


@dataclass(frozen=True)
class Event:
    """Something that happened on a night, marked by a vertical line and a symbol above the plot."""

    as_of: date
    kind: str
    text: str


@dataclass(frozen=True)
class Span:
    """Nights shaded under a short label; `last` None reaches to the end."""

    label: str
    first: date
    last: date | None
    text: str


@dataclass(frozen=True)
class Style:
    """How one kind of event is marked."""

    name: str
    colour: str
    symbol: str


def lines_by_night(
    lines: Sequence[Line],
    events: Sequence[Event],
    styles: Mapping[str, Style],
    spans: Sequence[Span],
    y_title: str,
) -> Any:
    """Lines over nights with shaded spans, and a narrow band of event symbols above."""
    from plotly.graph_objects import Figure

    figure = Figure(layout=layout(height=440))
    nights = sorted({night for line in lines for night in line.values})
    for line in lines:
        figure.add_scatter(
            x=[*map(axis, line.values)],
            y=[*line.values.values()],
            name=escape(line.name),
            mode="lines",
            line={"color": line.colour, "dash": line.dash, "width": line.width},
            hovertemplate="%{y:.4f}",
        )
    heights = _heights(events)
    for kind, style in styles.items():
        _mark(figure, {e: heights[e] for e in events if e.kind == kind}, style)
    for place, span in enumerate(spans):
        _shade(figure, span, nights[-1] if nights else span.first, 15 * (place % 2))
    figure.update_layout(
        yaxis={"title": escape(y_title), "domain": [0, 0.86], "tickformat": ".2f"},
        yaxis2={"domain": [0.89, 1], "range": [0, 2], "visible": False, "fixedrange": True},
        hovermode="x unified",
    )
    return figure


def _heights(events: Sequence[Event]) -> dict[Event, float]:
    """Where symbols stand in their band: those of one night above each other."""
    nights: dict[date, int] = {}
    heights = {}
    for event in dict.fromkeys(events):
        heights[event] = 0.4 + 0.9 * nights.get(event.as_of, 0)
        nights[event.as_of] = nights.get(event.as_of, 0) + 1
    return heights


def _mark(figure: Any, events: Mapping[Event, float], style: Style) -> None:
    if not events:
        return
    figure.add_scatter(
        x=[axis(event.as_of) for event in events],
        y=[*events.values()],
        yaxis="y2",
        name=escape(style.name),
        mode="markers",
        marker={"color": style.colour, "symbol": style.symbol, "size": 11},
        hovertext=[_wrapped(event.text) for event in events],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for event in events:
        figure.add_shape(
            type="line", xref="x", yref="paper", x0=axis(event.as_of), x1=axis(event.as_of), y0=0,
            y1=0.9, line={"color": style.colour, "width": 1, "dash": "dot"}, layer="below",
        )  # fmt: skip


def _shade(figure: Any, span: Span, end: date, raised: int) -> None:
    """Shade the span and put its label above, where symbols are never; neighbours are raised."""
    first, last = (_noon(night) for night in (span.first, span.last or end))
    figure.add_shape(
        type="rect", xref="x", yref="paper", x0=str(first - _HALF_NIGHT),
        x1=str(last + _HALF_NIGHT), y0=0, y1=0.86, layer="below", line={"width": 0},
        fillcolor="rgba(204,121,167,0.20)",
    )  # fmt: skip
    figure.add_annotation(
        x=str(first), y=1.0, xref="x", yref="paper", text=f"<b>{escape(span.label)}</b>",
        showarrow=False, xanchor="center", yanchor="bottom", yshift=raised,
        hovertext=_wrapped(span.text),
    )  # fmt: skip


def axis(night: date) -> str:
    """Where a night stands on an axis of dates: a week at its Monday."""
    return str(plain(night))


def _noon(night: date) -> Any:
    from datetime import datetime

    return datetime(night.year, night.month, night.day)  # noqa: DTZ001 - an axis has no zone


def heat_map(nights: Sequence[date], rows: Mapping[str, Sequence[float | None]]) -> Any:
    """Rows x nights of shares of a limit: blues below 1, oranges from 1 on, gaps for None."""
    from plotly.graph_objects import Figure

    figure = Figure(layout=layout(height=90 + 22 * len(rows)))
    figure.add_heatmap(
        x=[*map(axis, nights)],
        y=[escape(name) for name in rows],
        z=[*rows.values()],
        zmin=0,
        zmax=2,
        colorscale=_BELOW_LIMIT + _ABOVE_LIMIT,
        xgap=1,
        ygap=1,
        hovertemplate="%{y}, %{x}<br>%{z:.2f} of the limit<extra></extra>",
        colorbar={
            "orientation": "h", "thickness": 10, "len": 0.5, "y": 1.0, "yanchor": "bottom",
            "x": 0, "xanchor": "left", "tickvals": [0, 1, 2], "tickangle": 0,
            "ticktext": ["0", "limit", "2 ×"],
        },
    )  # fmt: skip
    figure.update_layout(yaxis={"autorange": "reversed", "showgrid": False}, hovermode="closest")
    figure.update_xaxes(showgrid=False)
    return figure


def stacked_bars(nights: Sequence[date], parts: Mapping[str, tuple[str, Sequence[float]]]) -> Any:
    """Bars by night; `parts` are colour and heights by name, from the ground up."""
    from plotly.graph_objects import Figure

    figure = Figure(layout=layout(height=260))
    for name, (colour, heights) in parts.items():
        figure.add_bar(
            x=[*map(axis, nights)],
            y=[*heights],
            name=escape(name),
            marker={"color": colour},
            hovertemplate="%{y:,}",
        )
    figure.update_layout(barmode="stack", hovermode="x unified", bargap=0.15)
    return figure


def layout(height: int) -> dict[str, Any]:
    """What all figures share."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 40, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, sans-serif", "size": 13},
        "legend": {
            "orientation": "h",
            "y": -0.14,
            "yanchor": "top",
            "x": 0,
            "traceorder": "normal",
        },
        "hoverlabel": {"bgcolor": "#1f2430", "font": {"color": "#f4f6fa"}, "align": "left"},
        "xaxis": {"type": "date", "automargin": True, "fixedrange": True, "tickformat": "%-d %b"},
        "yaxis": {"automargin": True, "fixedrange": True, "zeroline": False},
        "template": None,
    }


def _wrapped(text: str, width: int = 60) -> str:
    """Escaped text in lines that fit a narrow screen."""
    import textwrap

    return "<br>".join(escape(line) for line in textwrap.wrap(text, width))
