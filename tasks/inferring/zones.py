"""The time zone of a sample: named by its times, or a guess that a person reviews."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd

from tasks.core.local_time import is_text
from tasks.inferring.guess import Answer

_OFFSET = r"\d[T ]\d.*?(?:Z|[+-]\d\d:?(?:\d\d)?)\s*$"
_LOOKED_AT = 2_000
_USUAL = (
    *("Europe/Berlin", "Europe/London", "Europe/Helsinki", "Europe/Lisbon", "Europe/Istanbul"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("America/Sao_Paulo", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Asia/Singapore"),
    *("Asia/Dubai", "Australia/Sydney", "Australia/Brisbane", "Pacific/Auckland"),
)


def names_zone(times: pd.Series) -> bool:
    """Whether the times themselves say of which zone they are."""
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        return True
    if not is_text(times):
        return False
    known = times.dropna().astype("str")
    return bool(len(known)) and bool(known.str.contains(_OFFSET, regex=True).all())


def guess_zone(times: pd.Series) -> Answer:
    """The zone in which nights are counted.

    Offsets such as +01:00 and +02:00 fit several zones: the best known one is taken.
    """
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        name = str(times.dtype.tz)
        if name in available_timezones():
            return Answer(name, f"the times are written in {name}", is_sure=name != "UTC")
        offsets = _offsets(times.dropna().map(pd.Timestamp.isoformat).astype("str"))
    elif names_zone(times):
        offsets = _offsets(times.dropna().astype("str"))
    else:
        return Answer("UTC", "times name no zone", is_sure=False)
    if all(not offset for _, offset in offsets):
        return Answer("UTC", "the times are written in UTC", is_sure=False)
    fitting = [zone for zone in (*_USUAL, *_others()) if _fits(zone, offsets)]
    if not fitting:
        return Answer("UTC", "no zone has all offsets that the times have", is_sure=False)
    why = "the only zone with the offsets that the times have"
    if len(fitting) > 1:
        why = f"one of {len(fitting)} zones with the offsets that the times have"
    return Answer(fitting[0], why, is_sure=len(fitting) == 1)


def _offsets(texts: "pd.Series[str]") -> list[tuple[pd.Timestamp, timedelta]]:
    """An instant of each month and offset, since a year of them says it all."""
    step = max(1, len(texts) // _LOOKED_AT)
    found: dict[tuple[str, str], tuple[pd.Timestamp, timedelta]] = {}
    for text in texts.iloc[::step]:
        stamp = pd.Timestamp(text.strip())
        offset = stamp.utcoffset()
        if offset is not None:
            found.setdefault((text.strip()[:7], str(offset)), (stamp, offset))
    return list(found.values())


@cache
def _others() -> tuple[str, ...]:
    places = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/")
    return tuple(sorted(z for z in available_timezones() if z.startswith(places)))


def _fits(zone: str, offsets: Sequence[tuple[pd.Timestamp, timedelta]]) -> bool:
    clock = ZoneInfo(zone)
    return all(stamp.to_pydatetime().astimezone(clock).utcoffset() == o for stamp, o in offsets)
