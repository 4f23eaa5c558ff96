"""The naming rules at driftloop's border: projects, nights, model versions.

Only names that passed here go into keys and paths, which `tasks.store.keys` builds.
"""

import re
from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from schemas.errors import InvalidName
from schemas.period import WRITTEN, Period, counted_in, parse, within

NAME_RULE = "[a-z0-9][a-z0-9-]{0,62}"
_NEARLY = r"(\d{4})(?:-?W(\d{1,2})|[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2})(?::\d\d){0,2}Z?)?)"
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
        meant = guess_meant(text)
        if meant and period:  # an hour has one day, a week has seven
            counted = within(period, meant, "UTC")
            meant = counted[0] if len(counted) == 1 else None
        perhaps = f"; did you mean {meant}?" if meant else ""
        raise InvalidName(f"night {_shown(text)} is refused: write {how}{perhaps}") from error
    return counted_in(period, night) if period else night


def guess_meant(text: str) -> date | None:
    """The night that a misspelt name probably stands for.

    >>> [str(guess_meant(text)) for text in ("2025-w24", "2026-3-1", "2026-03-01 10:30", "soon")]
    ['2025-W24', '2026-03-01', '2026-03-01T10', 'None']
    """
    match = re.fullmatch(_NEARLY, text.strip(), re.ASCII | re.IGNORECASE)
    if not match:
        return None
    year, week, month, day, hour = match.groups()
    name = f"{year}-W{int(week):02d}" if week else f"{year}-{int(month):02d}-{int(day):02d}"
    try:
        return parse(f"{name}T{int(hour):02d}" if hour else name)
    except ValueError:
        return None


def _shown(text: str) -> str:
    shown = ascii(text[:80])
    return shown if len(text) <= 80 else f"{shown} ({len(text)} characters)"
