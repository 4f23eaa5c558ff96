"""The command that begins a project: new."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from deployments.commands.options import Json

if TYPE_CHECKING:
    from deployments.newproject.loading import Loaded
    from deployments.newproject.making import Made

Source = Annotated[
    str,
    Parameter(
        name="--from",
        help="A file, a name with {as_of} for many, s3://..., or a query with --connection.",
    ),
]
Time = Annotated[str, Parameter(help="The column that says when a row happened.")]
Target = Annotated[str, Parameter(help="The column to predict.")]
Labels = Annotated[
    str | None, Parameter(help="Files of key and target, where the rows do not have the target.")
]
Key = Annotated[tuple[str, ...], Parameter(help="A column that names a row; again for several.")]
Connection = Annotated[
    str | None, Parameter(help="Environment variable with the database's SQLAlchemy URL.")
]
Zone = Annotated[str, Parameter(help="Time zone of nights, such as Europe/Vienna.")]
Counted = Annotated[
    Literal["day", "week", "hour"], Parameter(name="--period", help="What a night is.")
]
Delay = Annotated[
    int | None,
    Parameter(help="Nights until labels are complete.", validator=Number(gte=0, lte=3650)),
]
NoHistory = Annotated[bool, Parameter(negative="", help="Write the files; load nothing.")]
Yes = Annotated[bool, Parameter(negative="", help="Ask nothing; take the defaults.")]
Force = Annotated[bool, Parameter(negative="", help="Replace files that are there.")]


def new(
    project: str,
    *,
    from_: Source,
    time: Time,
    target: Target,
    key: Key = (),
    labels: Labels = None,
    connection: Connection = None,
    zone: Zone = "",
    period: Counted = "day",
    label_delay: Delay = None,
    no_history: NoHistory = False,
    yes: Yes = False,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write contract and project file from a sample of your data, and load the nights it shows."""
    from deployments.newproject.asking import is_terminal
    from deployments.newproject.folder import paths_for
    from deployments.newproject.labelling import add_labels
    from deployments.newproject.making import make
    from deployments.newproject.sampling import take_sample
    from tasks.inferring.asked import Asked

    paths = paths_for(project, force=force)
    asked = Asked(time, target, key, _check_zone(zone), label_delay, period)
    ask = input if is_terminal() and not (yes or json) else None
    sample = take_sample(from_, _check_variable(connection))
    if labels:
        sample, asked = add_labels(sample, labels, asked)
    made = make(project, sample, asked, paths, ask)
    if not json:
        _print_made(project, made)
    loaded = None if no_history else _load(project, made)
    if json:
        _print_json(project, made, loaded)
    else:
        _print_loaded(project, loaded)


def _load(project: str, made: "Made") -> "Loaded | None":
    """The sample's nights; who stops it is told how to go on."""
    from deployments.newproject.loading import load_history, resume

    try:
        return load_history(project, made.guess.nights)
    except KeyboardInterrupt:
        next_step = resume(project) or f"driftloop check {project}"
        print(f"driftloop: stopped; the files are written, go on with {next_step}", file=sys.stderr)
        sys.exit(130)


def _print_made(project: str, made: "Made") -> None:
    from deployments.newproject.telling import tell_made
    from deployments.printing import print_lines

    print_lines(f"{project} new", tell_made(made))


def _print_loaded(project: str, loaded: "Loaded | None") -> None:
    from deployments.printing import print_lines

    if loaded:
        title = f"{project} history {loaded.first} to {loaded.last}"
        print_lines(title, loaded.lines)
    print(f"next: read the two files, then {_next(project, loaded)}")


def _print_json(project: str, made: "Made", loaded: "Loaded | None") -> None:
    from deployments.newproject.telling import tell_made
    from deployments.printing import print_json

    lines = [*tell_made(made), *(loaded.lines if loaded else ())]
    told = {"project": project, "files": made.files, "lines": lines}
    print_json({**told, "next": _next(project, loaded)})


def _next(project: str, loaded: "Loaded | None") -> str:
    return loaded.next if loaded else f"driftloop check {project}"


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
