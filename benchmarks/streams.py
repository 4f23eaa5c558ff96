"""Four public streams as nights: what is watched, what a model sees, what it predicts.

Fitting models on them is `benchmarks.learning`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.monitoring import ColumnKind
from schemas.project import Task

Indices = npt.NDArray[np.intp]

SPANS = 24
BLOCK = 7


@dataclass(frozen=True)
class Recipe:
    """How a data set's file becomes a stream. `clock` are features made of the time."""

    file: str
    task: Task
    target: str
    numbers: tuple[str, ...]
    categories: tuple[str, ...] = ()
    clock: tuple[str, ...] = ()
    every_hours: int = 1


RECIPES: dict[str, Recipe] = {
    "bike": Recipe(
        file="bike_hour.parquet",
        task="regression",
        target="cnt",
        numbers=(
            *("season", "mnth", "hr", "holiday", "weekday", "workingday", "weathersit"),
            *("temp", "atemp", "hum", "windspeed"),
        ),
    ),
    "elec2": Recipe(
        file="elec2.parquet",
        task="binary",
        target="class",
        numbers=(*("day", "period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer"),),
    ),
    "metro": Recipe(
        file="metro_traffic.parquet",
        task="regression",
        target="traffic_volume",
        numbers=("temp", "rain_1h", "snow_1h", "clouds_all"),
        categories=("holiday", "weather_main", "weather_description"),
        clock=("hour", "weekday"),
    ),
    "beijing": Recipe(
        file="beijing_air.parquet",
        task="regression",
        target="pm25",
        numbers=(*("SO2", "NO2", "CO", "O3", "TEMP", "PRES", "DEWP", "RAIN", "WSPM"),),
        categories=("wd", "station"),
        clock=("hour", "weekday"),
        every_hours=6,
    ),
}


@dataclass(frozen=True)
class Stream:
    """A data set cut into nights in order of date; night i is rows starts[i] to starts[i + 1].

    `frame` has every row; models learn from those that have a label, where `every_hours` is above
    1 from every so many hours only.
    """

    name: str
    recipe: Recipe
    frame: pd.DataFrame
    starts: Indices
    is_learned: npt.NDArray[np.bool_]

    @property
    def kinds(self) -> Mapping[str, ColumnKind]:
        """The watched columns."""
        kinds: dict[str, ColumnKind] = dict.fromkeys(self.recipe.numbers, "number")
        return kinds | dict.fromkeys(self.recipe.categories, "category")

    def __len__(self) -> int:
        return len(self.starts) - 1

    def night(self, number: int) -> pd.DataFrame:
        """All rows of one night."""
        return self.frame.iloc[self.starts[number] : self.starts[number + 1]]

    def learned_rows(self, nights: Sequence[int] | Indices) -> tuple[Indices, Indices]:
        """Positions in `frame` of these nights' labelled rows, and each one's place in `nights`."""
        parts = [np.arange(self.starts[n], self.starts[n + 1]) for n in nights]
        places = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        rows = np.concatenate(parts)
        return rows[self.is_learned[rows]], places[self.is_learned[rows]]


def load_stream(name: str, folder: Path) -> Stream:
    """Read one data set."""
    recipe = RECIPES[name]
    frame = pd.read_parquet(folder / recipe.file)
    frame["event_time"] = time = frame["event_time"].dt.tz_localize("UTC")
    for part in recipe.clock:
        frame[part] = getattr(time.dt, part).astype("float64")
    nights = (time.dt.normalize() - time.iloc[0].normalize()).dt.days.to_numpy()
    starts = np.append(np.flatnonzero(np.diff(nights, prepend=-1)), len(frame))
    is_learned = frame[recipe.target].notna() & (time.dt.hour % recipe.every_hours == 0)
    return Stream(name, recipe, frame, starts, is_learned.to_numpy())


def halved(stream: Stream) -> Stream:
    """The stream as a binary task: whether the value is above the median of its hour of the day."""
    target = stream.recipe.target
    values = stream.frame[target]
    usual = values.groupby(stream.frame["event_time"].dt.hour).transform("median")
    above = (values > usual).where(values.notna()).astype("float64")
    recipe = replace(stream.recipe, task="binary")
    return replace(
        stream, name=f"{stream.name}*", recipe=recipe, frame=stream.frame.assign(**{target: above})
    )


def day(number: int) -> date:
    """A date for night `number` of a span: only its order matters."""
    return date(2000, 1, 1) + timedelta(days=number)


def cut_spans(stream: Stream, nights: int) -> list[Indices]:
    """Spans of so many nights that start evenly over the stream, and overlap where it is short."""
    starts = np.linspace(0, len(stream) - nights, SPANS).astype(int)
    return [np.arange(start, start + nights) for start in starts]


def undrifted_spans(stream: Stream, nights: int, orders: int = 1) -> list[Indices]:
    """Spans without drift: blocks of 7 nights in so many random orders, the same at each call."""
    return [
        permute_blocks(span, np.random.default_rng([crc32(stream.name.encode()), number, order]))
        for order in range(orders)
        for number, span in enumerate(cut_spans(stream, nights))
    ]


def permute_blocks(span: Indices, draw: np.random.Generator) -> Indices:
    """The nights of a span with its blocks of 7 in random order, each block in its own order."""
    blocks = np.array_split(span, range(BLOCK, len(span), BLOCK))
    return np.concatenate([blocks[number] for number in draw.permutation(len(blocks))])
