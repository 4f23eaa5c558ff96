"""The command labels: how many rows of each night have theirs, when they came, what is left out."""

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from deployments.commands.options import Json


def labels(
    project: str,
    *,
    last: Annotated[
        int, Parameter(help="So many of the newest nights.", validator=Number(gte=1))
    ] = 14,
    json: Json = False,
) -> None:
    """Show the labels of each night, and the delay that was learned from when they came."""
    from deployments.labels import collect_labels
    from deployments.printing import print_json, print_table
    from flows.find import find_project
    from tasks.home import home

    told = collect_labels(home(), find_project(project), last)
    if json:
        print_json(told.as_json())
        return
    print_table(
        ("NIGHT", "ROWS", "LABELLED", "COVERAGE", "AFTER", "LEFT OUT"),
        [night.row() for night in told.nights],
    )
    for line in told.delay_lines():
        print(line)


COMMANDS = {"labels": labels}
