"""The naming rules at driftloop's border: projects, nights, model versions.

Only names that passed here go into keys and paths, which `tasks.store.keys` builds.
"""

import re
from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from schemas.errors import InvalidName
from schemas.period import WRITTEN, Period, counted_in, parse

NAME_RULE = "[a-z0-9][a-z0-9-]{0,62}"
Name = Annotated[str, StringConstraints(pattern=f"^{NAME_RULE}$")]


def check_name(name: str, what: str) -> str:
    """The name itself when it keeps the rule.

    Raises:
        InvalidName: it does not; the message shows at most 80 characters of it, escaped.
    """
    if re.fullmatch(NAME_RULE, name):
        return name
    raise InvalidName(
        f"{what} name {_shown(name)} is refused: "
        "lower-case letters, digits and '-', starting with a letter or digit, at most 63 characters"
    )


def check_night(text: str, period: Period | None = None) -> date:
    """The night of this name: one that is counted in these periods, or of whatever kind.

    Raises:
        InvalidName: any other text, or a night of another kind.
    """
    try:
        night = parse(text)
    except ValueError as error:
        how = WRITTEN[period] if period else ", or ".join(WRITTEN.values())
        raise InvalidName(f"night {_shown(text)} is refused: write {how}") from error
    return counted_in(period, night) if period else night


def _shown(text: str) -> str:
    shown = ascii(text[:80])
    return shown if len(text) <= 80 else f"{shown} ({len(text)} characters)"
