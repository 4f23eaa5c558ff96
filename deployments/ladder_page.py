"""A ladder as one page, table and plot, and as JSON. Its words are `tasks.telling.ladders`."""

from html import escape
from typing import Any

from deployments.page.plots import BLUE, GREEN, layout
from deployments.page.render import render_page
from schemas.search import LadderFound, Search, TriedFamily
from tasks.store import keys
from tasks.telling.ladders import family_row, headings


def render_ladder(search: Search, found: LadderFound) -> str:
    """The page as one HTML file."""
    return render_page(
        "ladder.html",
        project=search.project,
        folds=search.folds,
        choice=search.why,
        next=search.next,
        headings=headings(search.task),
        rows=[family_row(search.task, one) for one in found.tried],
        chosen=found.chosen,
        figure_of_losses=_figure(search.task, found),
    )


def as_json(search: Search, found: LadderFound) -> dict[str, Any]:
    """Everything, for machines."""
    return {
        "project": search.project,
        "chosen": found.tried[found.chosen].family,
        "why": search.why,
        "cuts": [str(cut) for cut in search.cuts],
        "nights": search.judged_nights,
        "rows": search.judged_rows,
        "stored": keys.search(search.project, search.as_of, search.number),
        "families": [_family_json(one) for one in found.tried],
    }


def _family_json(tried: TriedFamily) -> dict[str, Any]:
    return {
        "family": tried.family,
        "failure": tried.failure or None,
        **(tried.measured.model_dump() if tried.measured else {}),
        "fit_seconds": tried.fit_seconds,
        "model_bytes": tried.model_bytes,
        "rows_a_second": round(tried.rows_a_second),
    }


def _figure(task: str, found: LadderFound) -> Any:
    """Each family's mean loss with its interval, simplest at the top, the chosen one in green."""
    from plotly.graph_objects import Figure

    figure = Figure(layout=layout(height=110 + 40 * len(found.tried)))
    for place, one in enumerate(found.tried):
        if one.measured is None:
            continue
        figure.add_scatter(
            x=[one.measured.loss],
            y=[escape(one.declared)],
            mode="markers",
            marker={"size": 11, "color": GREEN if place == found.chosen else BLUE},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [one.measured.upper - one.measured.loss],
                "arrayminus": [one.measured.loss - one.measured.lower],
            },
            showlegend=False,
            hovertemplate="%{x:.4g}<extra>%{y}</extra>",
        )
    figure.update_layout(
        xaxis={"type": "linear", "tickformat": "", "title": headings(task)[1].lower()},
        yaxis={"type": "category", "autorange": "reversed"},
        hovermode="closest",
    )
    return figure
