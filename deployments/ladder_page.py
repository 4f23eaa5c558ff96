"""A ladder as one page, table and plot, and as JSON. Its words are `tasks.telling.ladders`."""

from html import escape
from typing import Any

from deployments.page.plots import BLUE, GREEN, layout
from deployments.page.render import render_page
from tasks.engine.ladder import Ladder, Tried
from tasks.telling.ladders import (
    family_row,
    headings,
    say_choice,
    say_family,
    say_folds,
    say_next,
)


def render_ladder(ladder: Ladder) -> str:
    """The page as one HTML file."""
    return render_page(
        "ladder.html",
        project=ladder.project.name,
        folds=say_folds(ladder),
        choice=say_choice(ladder),
        next=list(say_next(ladder)),
        headings=headings(ladder),
        rows=[family_row(ladder, one) for one in ladder.tried],
        chosen=ladder.chosen,
        figure_of_losses=_figure(ladder),
    )


def as_json(ladder: Ladder) -> dict[str, Any]:
    """Everything, for machines."""
    return {
        "project": ladder.project.name,
        "chosen": ladder.tried[ladder.chosen].family.model_dump(mode="json"),
        "why": say_choice(ladder),
        "cuts": [str(fold.cut) for fold in ladder.folds],
        "nights": ladder.nights,
        "rows": ladder.rows,
        "families": [_family_json(one) for one in ladder.tried],
    }


def _family_json(tried: Tried) -> dict[str, Any]:
    return {
        "family": tried.family.model_dump(mode="json"),
        "failure": tried.failure or None,
        **(vars(tried.rung) if tried.rung else {}),
        "fit_seconds": tried.fit_seconds,
        "model_bytes": tried.model_bytes,
        "rows_a_second": round(tried.rows_a_second),
    }


def _figure(ladder: Ladder) -> Any:
    """Each family's mean loss with its interval, simplest at the top, the chosen one in green."""
    from plotly.graph_objects import Figure

    figure = Figure(layout=layout(height=110 + 40 * len(ladder.tried)))
    for place, one in enumerate(ladder.tried):
        if one.rung is None:
            continue
        figure.add_scatter(
            x=[one.rung.loss],
            y=[escape(say_family(one.family))],
            mode="markers",
            marker={"size": 11, "color": GREEN if place == ladder.chosen else BLUE},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [one.rung.upper - one.rung.loss],
                "arrayminus": [one.rung.loss - one.rung.lower],
            },
            showlegend=False,
            hovertemplate="%{x:.4g}<extra>%{y}</extra>",
        )
    figure.update_layout(
        xaxis={"type": "linear", "tickformat": "", "title": headings(ladder)[1].lower()},
        yaxis={"type": "category", "autorange": "reversed"},
        hovermode="closest",
    )
    return figure
