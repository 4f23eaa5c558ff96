"""A table that holds many nights, divided by the times of its rows."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from schemas.batch import SourceFile
from schemas.errors import DataUnreadable
from schemas.period import Period
from tasks.core.local_time import read_times, rows_of_nights
from tasks.sources.formats import parse
from tasks.sources.places import Version, describe, read_address


@dataclass(frozen=True)
class Table:
    """A file read once, which nobody changes; `rows` are the positions of each night's rows."""

    frame: pd.DataFrame
    times: "pd.Series[pd.Timestamp]"
    rows: dict[date, Any]  # positions as pandas gives them
    file: SourceFile


@dataclass(frozen=True)
class Contents:
    """What a divided file holds, in short: how many rows of each night."""

    nights: dict[date, int]
    file: SourceFile


@lru_cache(maxsize=1024)  # few bytes each, where a table may be a gigabyte
def read_contents(
    version: Version, time: str, zone: str, period: Period, reading: tuple[tuple[str, str], ...]
) -> Contents:
    """What `read_table` gives, in short. Errors are the same."""
    table = read_table(version, time, zone, period, reading)
    return Contents({night: len(rows) for night, rows in table.rows.items()}, table.file)


@lru_cache(maxsize=4)
def read_table(
    version: Version, time: str, zone: str, period: Period, reading: tuple[tuple[str, str], ...]
) -> Table:
    """The file as nights of one kind, counted in `zone`; `reading` is for its format's parser.

    Raises:
        DataUnreadable: it cannot be read, lacks the column of times, or has rows without a time
            that can be read: they would be no night's.
    """
    name = version.address
    data = read_address(name) or b""
    frame = parse(data, name, **dict(reading))
    if time not in frame:
        there = ", ".join(map(ascii, frame.columns[:20]))
        raise DataUnreadable(f"{name}: no column {time!r}, only {there}; name the one of times")
    times = read_times(frame[time], zone)
    lost = np.flatnonzero(times.isna())
    if len(lost):
        first = ascii(str(frame[time].iloc[lost[0]]))[:80]
        raise DataUnreadable(
            f"{name}: {len(lost)} of {len(frame)} rows have no readable time in {time!r}, first "
            f"in row {lost[0] + 1}: {first}; write it as ISO 8601 does, or have it delivered again"
        )
    rows = rows_of_nights(times, period, zone)
    return Table(frame, times, rows, describe(name, data))
