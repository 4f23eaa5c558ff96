"""The commands that search on a project's own past: ladder for families, tune for parameters."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.types import PositiveFloat, PositiveInt

from deployments.commands.options import AsOf, Json
from schemas.names import check_night

if TYPE_CHECKING:
    from datetime import date

    from schemas.project import Project
    from schemas.search import LadderFound, Search
    from tasks.searching import Watch

Minutes = Annotated[
    PositiveFloat, Parameter(help="How long one fit may take before it counts as failed.")
]
PagePath = Annotated[
    Path | None, Parameter(name="--page", help="Write tables and plots as one HTML file as well.")
]


def ladder(
    project: str,
    *,
    as_of: AsOf = None,
    minutes: Minutes = 60,
    page: PagePath = None,
    json: Json = False,
) -> None:
    """Compare model families, simplest first, on the project's past nights.

    Each is fitted at up to 8 past cut-offs, 7 nights apart, with the project's features, and
    judged on the nights after. The simplest family within one standard error of the best is
    proposed; taking it is a change of recipe, which the gates judge. The table is stored, and
    shown on the model card.
    """
    from tasks.searching import make_ladder

    found, night = _project_and_night(project, as_of)
    search = make_ladder(found, night, minutes, _counting(found.name))
    if search.ladder:
        _tell_ladder(search, search.ladder, page, json)


def _tell_ladder(search: "Search", found: "LadderFound", page: Path | None, json: bool) -> None:
    from deployments.ladder_page import as_json, render_ladder
    from deployments.page.render import write_page
    from deployments.printing import print_json, print_table
    from tasks.telling.ladders import family_row, headings

    if json:
        print_json(as_json(search, found))
    else:
        print(f"{search.project} ladder: {search.folds}\n")
        print_table(headings(search.task), [family_row(search.task, one) for one in found.tried])
        print("", search.why, *search.next, sep="\n")
    if page:
        written = write_page(page, render_ladder(search, found)).absolute()
        print(written, file=sys.stderr if json else sys.stdout)


def tune(
    project: str,
    *,
    trials: Annotated[PositiveInt, Parameter(help="Sets of parameters to try.")] = 30,
    rounds: Annotated[
        PositiveInt | None,
        Parameter(help="Boosting rounds, or passes, after which no other trial begins."),
    ] = None,
    as_of: AsOf = None,
    minutes: Minutes = 60,
    page: PagePath = None,
    json: Json = False,
) -> None:
    """Search the parameters of the project's model family on its past nights.

    The project's own are tried first, then the best of the search before, then what Optuna
    proposes with the project's seed; a trial that does badly is given up on the way. Others are
    proposed only if they are better by more than one standard error, and no worse on the newest
    7 nights, which chose nothing. Killed, the same command goes on. What was tried is stored, and
    shown on the model card.
    """
    from tasks.engine.trying import Budget
    from tasks.searching import make_tuning

    found, night = _project_and_night(project, as_of)
    budget = Budget(trials, rounds, minutes)
    search = make_tuning(found, night, budget, _counting(found.name))
    _tell_tuning(search, page, json)


def _tell_tuning(search: "Search", page: Path | None, json: bool) -> None:
    from deployments.page.paper import render_paper
    from deployments.page.render import write_page
    from deployments.printing import print_json, print_paper
    from tasks.telling.tunings import tuning_paper

    paper = tuning_paper(search)
    if json:
        print_json(search.model_dump(mode="json"))
    else:
        print_paper(paper)
    if page:
        written = write_page(page, render_paper(paper)).absolute()
        print(written, file=sys.stderr if json else sys.stdout)


def _project_and_night(project: str, as_of: str | None) -> "tuple[Project, date]":
    from flows.find import find_project
    from flows.nights import newest_or_tonight

    found = find_project(project)
    if as_of is None:
        return found, newest_or_tonight(found)
    return found, check_night(as_of, found.period)


def _counting(project: str) -> "Watch":
    """A bar on the terminal while fits are made."""
    from deployments.counting import counting

    return lambda fits: counting(f"{project}: fitting", fits)


COMMANDS = {"ladder": ladder, "tune": tune}
