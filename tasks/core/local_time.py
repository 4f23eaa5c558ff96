"""Local clock times as instants, through both changes of the clocks."""

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
from pydantic import AfterValidator


def check_zone(name: str) -> str:
    """The name itself when it is an IANA time zone; ValueError when it is none."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA time zone") from error
    return name


Zone = Annotated[str, AfterValidator(check_zone)]


def to_utc(local: "pd.Series[pd.Timestamp]", zone: str) -> "pd.Series[pd.Timestamp]":
    """Naive local times as UTC instants in microseconds; nulls stay nulls.

    A time in the hour that is skipped in spring counts as one hour later, as the clocks then read;
    a time in the hour that comes twice in autumn counts as its first pass, still in summer time.

    >>> to_utc(pd.Series(pd.to_datetime(["2013-03-10 02:30"])), "America/New_York")[0]
    Timestamp('2013-03-10 07:30:00+0000', tz='UTC')
    """
    is_first_pass = [True] * len(local)
    aware = local.dt.tz_localize(
        zone,
        ambiguous=is_first_pass,  # type: ignore[arg-type]  # stubs know arrays only
        nonexistent=timedelta(hours=1),
    )
    return aware.dt.tz_convert("UTC").dt.as_unit("us")
