"""The command that begins a project: new."""

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from deployments.commands.options import Json


def new(
    project: str,
    *,
    from_: Annotated[
        str,
        Parameter(
            name="--from",
            help="A file, a name with {as_of} for many, s3://..., or a query with --connection.",
        ),
    ],
    time: Annotated[str, Parameter(help="The column that says when a row happened.")],
    target: Annotated[str, Parameter(help="The column to predict.")],
    key: Annotated[
        tuple[str, ...], Parameter(help="A column that names a row; again for several.")
    ] = (),
    connection: Annotated[
        str | None, Parameter(help="Environment variable with the database's SQLAlchemy URL.")
    ] = None,
    zone: Annotated[str, Parameter(help="Time zone of nights, such as Europe/Vienna.")] = "",
    label_delay: Annotated[
        int | None,
        Parameter(help="Nights until labels are complete.", validator=Number(gte=0, lte=3650)),
    ] = None,
    no_history: Annotated[
        bool, Parameter(negative="", help="Write the files; load nothing.")
    ] = False,
    yes: Annotated[bool, Parameter(negative="", help="Ask nothing; take the defaults.")] = False,
    force: Annotated[bool, Parameter(negative="", help="Replace files that are there.")] = False,
    json: Json = False,
) -> None:
    """Write contract and project file from a sample of your data, and load the nights it shows."""
    from deployments.newproject.asking import is_terminal
    from deployments.newproject.folder import paths_for
    from deployments.newproject.loading import load_history
    from deployments.newproject.making import make
    from deployments.newproject.sampling import take_sample
    from deployments.newproject.telling import tell_made
    from deployments.printing import print_json, print_lines
    from tasks.inferring.asked import Asked

    paths = paths_for(project, force=force)
    asked = Asked(time, target, key, _check_zone(zone), label_delay)
    ask = input if is_terminal() and not (yes or json) else None
    made = make(project, take_sample(from_, _check_variable(connection)), asked, paths, ask)
    told = list(tell_made(made))
    if not json:
        print_lines(f"{project} new", told)
    loaded = None if no_history else load_history(project, made.guess.nights)
    command = loaded.next if loaded else f"driftloop check {project}"
    if json:
        lines = [*told, *(loaded.lines if loaded else ())]
        print_json({"project": project, "files": made.files, "lines": lines, "next": command})
        return
    if loaded:
        print_lines(f"{project} history {loaded.first} to {loaded.last}", loaded.lines)
    print(f"next: read the two files, then {command}")


def _check_zone(zone: str) -> str:
    from schemas.errors import InvalidName
    from schemas.zone import check_zone

    try:
        return check_zone(zone) if zone else ""
    except ValueError as error:
        raise InvalidName(f"--zone: {error}; name one such as Europe/Vienna") from error


def _check_variable(connection: str | None) -> str | None:
    """The name only: an address with its password has no place on a command line."""
    import re

    from schemas.errors import InvalidName

    if connection is None or re.fullmatch("[A-Z][A-Z0-9_]*", connection):
        return connection
    raise InvalidName(
        "--connection takes the name of an environment variable, such as SALES_DB; put the "
        "database's address into that variable"
    )


COMMANDS = {"new": new}
