"""Options that several commands share."""

import getpass
from typing import Annotated, Any

from cyclopts import Parameter


def _check_reason(_type: Any, reason: str) -> None:
    """The rule of the forms in the Prefect UI, here too."""
    from pydantic import TypeAdapter, ValidationError

    from flows import forms

    try:
        TypeAdapter(forms.Reason).validate_python(reason)
    except ValidationError as error:
        raise ValueError(
            f"{reason[:40]!a} is no reason: say in 3 to 2000 characters why"
        ) from error


Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON for machines.")]
DryRun = Annotated[
    bool, Parameter(name="--dry-run", negative="", help="Say what would be done; change nothing.")
]
AsOf = Annotated[
    str | None,
    Parameter(
        name="--as-of",
        help="The night, as 2026-03-01, 2026-W10 or 2026-03-01T14; by default the newest.",
    ),
]
From = Annotated[str | None, Parameter(name="--from", help="The first night.")]
To = Annotated[str | None, Parameter(name="--to", help="The last night.")]
Reason = Annotated[
    str,
    Parameter(
        name="--reason", help="Why; it stays in the ledger for ever.", validator=_check_reason
    ),
]
Version = Annotated[
    str | None, Parameter(name="--version", help="A stored model version, as history lists it.")
]
Actor = Annotated[
    str | None, Parameter(name="--actor", help="Who decides; by default your user name.")
]


def actor_name(actor: str | None) -> str:
    """The claimed actor of a person's decision."""
    return actor or getpass.getuser()
