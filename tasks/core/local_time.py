"""Delivered times and local clock times as instants, through both changes of the clocks.

Names of zones are `schemas.zone`, other types of values `tasks.core.reading`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_datetime64_dtype

from schemas.period import Hour, Period, Week, end_of, spoken, start_of

# A year of room on both sides of what Python can count, for the offset of any zone.
_FIRST, _LAST = pd.Timestamp("0002-01-01"), pd.Timestamp("9998-12-31")
_IS_DATED = r"\s*\d"  # pandas takes "now" and "today" for times
_IS_ZONED = r"\d[T ]\d.*(?:Z|[+-]\d\d:?(?:\d\d)?)\s*$"


@dataclass(frozen=True)
class LocalNight:
    """A night as a project counts it: from one local midnight to the next, or a week or an hour."""

    as_of: date
    zone: str

    def __str__(self) -> str:
        return spoken(self.as_of, self.zone)

    def holds(self, instants: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
        """Whether each instant lies in the night; null lies in none."""
        start, end = self._bounds
        return instants.between(start, end, inclusive="left")

    def largest_gap_minutes(self, instants: "pd.Series[pd.Timestamp]") -> float:
        """The longest stretch without any of these, which lie in the night, its ends included."""
        start, end = self._bounds
        known = np.sort(instants.dropna().to_numpy("datetime64[us]"))
        ends = np.array([start.to_datetime64(), end.to_datetime64()], "datetime64[us]")
        gaps = np.diff(np.concatenate([ends[:1], known, ends[1:]]))
        return float(gaps.max() / np.timedelta64(1, "m"))

    @property
    def _bounds(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """When it begins and ends, as instants."""
        start, end = start_of(self.as_of, self.zone), end_of(self.as_of, self.zone)
        return pd.Timestamp(start), pd.Timestamp(end)


def read_times(values: pd.Series, zone: str | None) -> "pd.Series[pd.Timestamp]":
    """UTC instants in microseconds. A time that names no zone is one of `zone`, or else null.

    Texts are times only as ISO 8601 writes them: pandas would guess, and warn, at others. Numbers
    are none, since they do not say in what unit and since when they count.
    """
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        instants: pd.Series[pd.Timestamp] = values.dt.tz_convert("UTC").dt.as_unit("us")
        return instants
    if is_datetime64_dtype(values):
        return _in_zone(values, zone)
    if not is_text(values):
        return _no_times(values)
    texts = values.astype("str")
    is_dated = texts.str.match(_IS_DATED, na=False)
    dated = texts if is_dated.all() else texts.where(is_dated)
    times = pd.to_datetime(dated, utc=True, errors="coerce", format="ISO8601").dt.as_unit("us")
    is_zoned = texts.str.contains(_IS_ZONED, na=False)
    if is_zoned.all():
        return times
    return times.where(is_zoned, _in_zone(times.dt.tz_localize(None), zone))


def name_zone(values: pd.Series, zone: str) -> pd.Series:
    """The values, with times that name no zone as those of `zone`; texts get its offset.

    Times that name one, and what is no time, stay as they were delivered.

    >>> name_zone(pd.Series(["2026-03-01 10:00", "2026-03-01T10:00Z"]), "Europe/Vienna").tolist()
    ['2026-03-01 10:00:00+01:00', '2026-03-01T10:00Z']
    """
    if is_datetime64_dtype(values):
        return read_times(values, zone)
    if not is_text(values):
        return values
    is_naive = ~values.astype("str").str.contains(_IS_ZONED, na=True)
    if not is_naive.any():
        return values
    instants = read_times(values[is_naive], zone).dropna()
    if instants.empty:
        return values
    return values.mask(
        values.index.isin(instants.index), instants.dt.tz_convert(zone).astype("str")
    )


def local_days(instants: "pd.Series[pd.Timestamp]", zone: str) -> npt.NDArray[np.datetime64]:
    """The date that the zone's calendar shows at each instant; NaT where it is null."""
    clock = instants.dt.tz_convert(zone).dt.tz_localize(None)
    return clock.to_numpy().astype("datetime64[D]")


def number_nights(
    instants: "pd.Series[pd.Timestamp]", period: Period, zone: str
) -> tuple[npt.NDArray[np.intp], list[date]]:
    """The number of the night that each instant lies in, -1 where it is null; and the nights.

    Nights are in order, so that their numbers are as well.
    """
    if period == "hour":
        begun = instants.dt.tz_convert("UTC").dt.floor("h")
    else:
        begun = instants.dt.tz_convert(zone).dt.tz_localize(None).dt.floor("D")
    if period == "week":
        begun = begun - pd.to_timedelta(begun.dt.weekday, unit="D")
    numbers, found = pd.factorize(begun, sort=True)
    make = {"day": date, "week": Week, "hour": Hour}[period]
    hours = [(one.hour,) if period == "hour" else () for one in found]
    nights = [make(one.year, one.month, one.day, *h) for one, h in zip(found, hours, strict=True)]
    return numbers, nights


def rows_of_nights(
    instants: "pd.Series[pd.Timestamp]", period: Period, zone: str
) -> dict[date, npt.NDArray[np.intp]]:
    """The positions of each night's instants, the earliest night first; null ones are in none."""
    numbers, nights = number_nights(instants, period, zone)
    order = np.argsort(numbers, kind="stable")
    bounds = np.searchsorted(numbers[order], np.arange(len(nights) + 1))
    return {night: order[bounds[n] : bounds[n + 1]] for n, night in enumerate(nights)}


def is_text(values: pd.Series) -> bool:
    """Whether the values came as texts, or as a mixture that has them."""
    return values.dtype == object or str(values.dtype) == "str"


def to_utc(local: "pd.Series[pd.Timestamp]", zone: str) -> "pd.Series[pd.Timestamp]":
    """Naive local times as UTC instants in microseconds; nulls stay nulls.

    A time that is skipped in spring counts by the clock before the change: as so much later as the
    clocks jump. A time that comes twice in autumn counts as its first pass, still in summer time.
    A time outside of the years 2 to 9998 is null.

    >>> to_utc(pd.Series(pd.to_datetime(["2013-03-10 02:30"])), "America/New_York")[0]
    Timestamp('2013-03-10 07:30:00+0000', tz='UTC')
    """
    local = local.dt.as_unit("us")
    local = local.where(local.between(_FIRST, _LAST))
    is_first_pass = [True] * len(local)
    aware = local.dt.tz_localize(
        zone,
        ambiguous=is_first_pass,  # type: ignore[arg-type]  # stubs know arrays only
        nonexistent="NaT",
    ).dt.tz_convert("UTC")
    skipped = aware.isna() & local.notna()
    if skipped.any():
        by_hand = [instant_of(time.to_pydatetime(), zone) for time in local[skipped]]
        aware[skipped] = pd.DatetimeIndex(by_hand)
    return aware


def instant_of(local: datetime, zone: str) -> pd.Timestamp:
    """One naive local time as a UTC instant, by the rules of `to_utc`."""
    return pd.Timestamp(local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


def _in_zone(local: "pd.Series[pd.Timestamp]", zone: str | None) -> "pd.Series[pd.Timestamp]":
    return _no_times(local) if zone is None else to_utc(local, zone)


def _no_times(values: pd.Series) -> "pd.Series[pd.Timestamp]":
    return pd.Series(pd.NaT, values.index, "datetime64[us, UTC]")
