"""Commands that look at models: card, compare, explain."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.commands.options import Json

if TYPE_CHECKING:  # a command imports what it needs when it runs
    from tasks.telling.paper import Paper

PagePath = Annotated[Path | None, Parameter(name="--page", help="Write one HTML file as well.")]


def card(
    project: str,
    version: str | None = None,
    *,
    to: Annotated[Path | None, Parameter(help="Where to write the page; by default here.")] = None,
    json: Json = False,
) -> None:
    """Write a model's card as an HTML page and print its path.

    It says what the model answers, what it learned from, how it did on nights that it had not seen
    and since, how near each gate was to another verdict, and what nobody knows of it.

    Args:
        project: The project's name.
        version: A stored model version, as history lists it; by default the champion.
        to: Where to write the page.
        json: Print JSON for machines; the page is written only where --to says.
    """
    from deployments.printing import print_json
    from flows.find import find_project
    from tasks.engine.cards import champion_of
    from tasks.engine.model_card import model_card
    from tasks.home import home
    from tasks.telling.model_card import model_card_paper

    found = find_project(project)
    told = model_card(home(), found.name, version or champion_of(home(), found.name))
    if json:
        print_json(told.model_dump(mode="json"))
    if to or not json:
        path = to or Path(f"{found.name}-{told.card.version}.html")
        written = _write(path, model_card_paper(told, found.about))
        print(written, file=sys.stderr if json else sys.stdout)


def compare(
    project: str, one: str, other: str, *, page: PagePath = None, json: Json = False
) -> None:
    """Compare two stored versions on the nights that neither was trained on.

    The difference of their losses comes with its 95 % interval over nights, then what differs in
    recipe, data, software and gains. Without such a night it says which nights are new to whom.

    Args:
        project: The project's name.
        one: A stored model version, as history lists it.
        other: Another one; above zero it is the better one.
        page: Where to write the page.
        json: Print JSON for machines.
    """
    from deployments.printing import print_json
    from flows.find import find_project
    from tasks.engine.compare import compare as hold
    from tasks.home import home
    from tasks.telling.compared import compared_paper

    told = hold(home(), find_project(project), one, other)
    if json:
        print_json(told.model_dump(mode="json"))
    _tell(compared_paper(told), page, json=json)


def explain(
    project: str,
    key: str,
    *,
    as_of: Annotated[
        str | None,
        Parameter(name="--as-of", help="The row's night; by default the newest with it."),
    ] = None,
    page: PagePath = None,
    json: Json = False,
) -> None:
    """Explain the prediction of one stored row: what each feature contributes, and its values' way.

    It is explained by the version that scored it that night, and beside what was recorded then.
    Sensitive columns and the features made of them stay out.

    Args:
        project: The project's name.
        key: The row's key, as the contract's key column has it.
        as_of: The row's night.
        page: Where to write the page.
        json: Print JSON for machines.
    """
    from deployments.printing import print_json
    from flows.find import find_project
    from schemas.names import check_night
    from tasks.engine.explain import explain as take_apart
    from tasks.home import home
    from tasks.telling.explained import explained_paper

    found = find_project(project)
    night = check_night(as_of, found.period) if as_of else None
    told = take_apart(home(), found, key, night)
    if json:
        print_json(told.model_dump(mode="json"))
    _tell(explained_paper(told), page, json=json)


def _tell(paper: "Paper", page: Path | None, *, json: bool) -> None:
    """The paper on the terminal where no JSON is, and as a file where one is asked for."""
    from deployments.printing import print_paper

    if not json:
        print_paper(paper)
    if page:
        print(_write(page, paper), file=sys.stderr if json else sys.stdout)


def _write(path: Path, paper: "Paper") -> Path:
    from deployments.page.paper import render_paper
    from deployments.page.render import write_page

    return write_page(path, render_paper(paper)).absolute()


COMMANDS = {"card": card, "compare": compare, "explain": explain}
