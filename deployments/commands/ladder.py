"""The command that compares model families on a project's own past: ladder."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.commands.options import AsOf, Json
from schemas.names import check_night

if TYPE_CHECKING:
    from tasks.engine.ladder import Ladder


def ladder(
    project: str,
    *,
    as_of: AsOf = None,
    page: Annotated[
        Path | None, Parameter(help="Write table and plot as one HTML file as well.")
    ] = None,
    json: Json = False,
) -> None:
    """Compare model families, simplest first, on the project's past nights; nothing is stored.

    Each is fitted at up to 8 past cut-offs, 7 nights apart, with the project's features, and
    judged on the nights after. The simplest family within one standard error of the best is
    proposed; taking it is a change of recipe, which the gates judge.
    """
    from deployments.counting import counting
    from flows.find import find_project
    from flows.nights import newest_or_tonight
    from tasks.engine.ladder import climb, plan_climb
    from tasks.home import home

    found = find_project(project)
    night = check_night(as_of, found.period) if as_of is not None else newest_or_tonight(found)
    planned = plan_climb(home(), found, night)
    with counting(f"{found.name}: fitting", planned.fits) as tell:
        climbed = climb(planned, time.perf_counter, tell)
    _print(climbed, json)
    if page:
        print(_write(climbed, page), file=sys.stderr if json else sys.stdout)


def _print(climbed: "Ladder", json: bool) -> None:
    from deployments.ladder_page import as_json
    from deployments.printing import print_json, print_table
    from tasks.telling.ladders import family_row, headings, say_choice, say_folds, say_next

    if json:
        print_json(as_json(climbed))
        return
    print(f"{climbed.project.name} ladder: {say_folds(climbed)}\n")
    print_table(headings(climbed), [family_row(climbed, one) for one in climbed.tried])
    print(f"\n{say_choice(climbed)}")
    for line in say_next(climbed):
        print(line)


def _write(climbed: "Ladder", page: Path) -> Path:
    from deployments.ladder_page import render_ladder
    from deployments.page.render import write_page

    return write_page(page, render_ladder(climbed)).absolute()


COMMANDS = {"ladder": ladder}
