"""What a person said of a sample, held against its columns and times. The rest is guessed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.errors import DataUnreadable, InvalidName
from schemas.period import Period
from tasks.core.local_time import number_nights, read_times

_UNREADABLE_TIMES = 0.05


@dataclass(frozen=True)
class Asked:
    """Column names, and what else was given; empty where it is to be guessed."""

    time: str
    target: str
    key: tuple[str, ...] = ()
    zone: str = ""
    delay: int | None = None
    period: Period = "day"


def nights_of(
    times: "pd.Series[pd.Timestamp]", period: Period, zone: str
) -> npt.NDArray[np.object_]:
    """The night of each row, NaT where its time is null."""
    numbers, nights = number_nights(times, period, zone)
    named = np.empty(len(nights) + 1, dtype=object)
    named[:-1], named[-1] = nights, pd.NaT
    return named[numbers]


def check_columns(frame: pd.DataFrame, asked: Asked) -> None:
    """Each column that was named is there, and there are rows.

    Raises:
        InvalidName: a column is not there, or has two roles.
        DataUnreadable: the sample has no rows.
    """
    there = [str(name) for name in frame.columns]
    if not there:
        raise DataUnreadable("the sample is empty; give one with a header and some nights")
    named = [("--time", asked.time), ("--target", asked.target)]
    for option, name in (*named, *(("--key", name) for name in asked.key)):
        if name not in there:
            known = ", ".join(ascii(one)[:40] for one in there[:20])
            raise InvalidName(f"{option}: the sample has no column {name[:80]!a}, only {known}")
    if asked.time == asked.target:
        raise InvalidName(f"--time and --target are both {asked.time[:80]!a}; name two columns")
    if asked.target in asked.key:
        raise InvalidName("--key: the target names no row; name columns that are known before it")
    if frame.empty:
        raise DataUnreadable("the sample has a header and no rows; give one with some nights")


def read_instants(frame: pd.DataFrame, time: str, zone: str) -> "pd.Series[pd.Timestamp]":
    """The times of rows as instants.

    Raises:
        DataUnreadable: more than one in twenty cannot be read.
    """
    times = read_times(frame[time], zone)
    lost = np.flatnonzero(times.isna())
    if len(lost) > _UNREADABLE_TIMES * len(times):
        raise DataUnreadable(
            f"time {time!a}: {len(lost)} of {len(times)} values are no times, first in row "
            f"{lost[0] + 1}; write them as ISO 8601 does, such as 2026-03-01T14:30:00"
        )
    return times
