"""The name of a time zone, as projects, sources and contracts declare one.

Clock times in a zone are `tasks.core.local_time`.
"""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator


def check_zone(name: str) -> str:
    """The name itself when it is an IANA time zone; ValueError when it is none."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA time zone") from error
    return name


Zone = Annotated[str, AfterValidator(check_zone)]
