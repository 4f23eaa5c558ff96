"""A wide, generated data set for the cost of a night: its files, its contract, its project.

24 of 30 columns are numbers, 6 are words; the target is binary. Running it is `benchmarks.night`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.batch import SourceFile
from schemas.contract import column
from schemas.policy import Policy
from schemas.project import Project
from schemas.source import Raw, Source
from tasks.families.xgboost import XGBoost
from tasks.features.categories import Categories
from tasks.features.numbers import Numbers
from tasks.gates.beats_prior import BeatsPrior
from tasks.gates.not_worse import NotWorse
from tasks.sources.places import describe, nights_in, read_bytes

FIRST = date(2026, 1, 1)
KEY, TIME, TARGET = "row_key", "event_time", "returned"
WORDS = 6
ROUNDS = 40
GATE_NIGHTS = 3

_CHOICES = tuple(tuple(f"w{number:03d}" for number in range(2**power)) for power in range(2, 8))
_SUFFIX = ".parquet"


@dataclass(frozen=True)
class Size:
    """Rows over all nights; columns are features, the words among them."""

    rows: int
    columns: int
    nights: int

    @property
    def numbers(self) -> list[str]:
        """Names of the columns of numbers."""
        return [f"number_{place:02d}" for place in range(self.columns - WORDS)]

    @property
    def words(self) -> list[str]:
        """Names of the columns of words."""
        return [f"word_{place}" for place in range(WORDS)]

    @property
    def days(self) -> list[date]:
        """The nights, in order."""
        return [FIRST + timedelta(days=place) for place in range(self.nights)]


def write_nights(folder: Path, size: Size) -> None:
    """One Parquet file a night, labels in it; equal sizes give equal rows."""
    for night in size.days:
        _night(night, size).to_parquet(folder / f"{night}{_SUFFIX}", index=False)


def path_of(folder: Path, night: date) -> Path:
    """Where a night's file lies."""
    return folder / f"{night}{_SUFFIX}"


def _night(night: date, size: Size) -> pd.DataFrame:
    draw = np.random.default_rng(night.toordinal())
    rows = size.rows // size.nights
    start = pd.Timestamp(night, tz="UTC").as_unit("us")
    seconds = np.sort(draw.integers(0, 86_400, rows))
    frame: dict[str, Any] = {
        KEY: pd.Series([f"{night}-{row:07d}" for row in range(rows)], dtype="str"),
        TIME: start + pd.to_timedelta(seconds, unit="s"),
    }
    for place, name in enumerate(size.numbers):
        values = draw.normal(scale=1 + place, size=rows).round(3)
        frame[name] = (
            np.where(draw.random(rows) < 0.02, np.nan, values) if place % 4 == 3 else values
        )
    for name, choices in zip(size.words, _CHOICES, strict=True):
        frame[name] = pd.Series(
            np.array(choices)[draw.integers(0, len(choices), rows)], dtype="str"
        )
    chance = 1 / (1 + np.exp(1 - frame["number_00"] - (frame["word_5"] > "w063").to_numpy()))
    frame[TARGET] = (draw.random(rows) < chance).astype(float)
    return pd.DataFrame(frame)


def make_contract(size: Size) -> type[pa.DataFrameModel]:
    """A range for every number, the choices of every word."""
    fields: dict[str, Any] = {KEY: column("key", unique=True), TIME: column("time")}
    types: dict[str, Any] = {
        KEY: Series[str],
        TIME: Series[Annotated[pd.DatetimeTZDtype, "us", "UTC"]],
    }
    for name in size.numbers:
        fields[name] = column("feature", ge=-1_000, le=1_000, nullable=True)
        types[name] = Series[float]
    for name, choices in zip(size.words, _CHOICES, strict=True):
        fields[name] = column("feature", isin=choices)
        types[name] = Series[str]
    fields[TARGET], types[TARGET] = column("target", isin=(0.0, 1.0)), Series[float]
    return type("Wide", (pa.DataFrameModel,), {**fields, "__annotations__": types})


class NightFiles(Source):
    """One Parquet file a night, with keys and labels in it."""

    folder: Path

    def read(self, as_of: date) -> Raw | None:
        path = path_of(self.folder, as_of)
        return Raw(pd.read_parquet(path).drop(columns=TARGET), self.fingerprint(as_of))

    def read_labels(self, as_of: date) -> Raw | None:
        labels = pd.read_parquet(path_of(self.folder, as_of), columns=[KEY, TARGET])
        return Raw(labels, self.fingerprint(as_of))

    def fingerprint(self, as_of: date) -> tuple[SourceFile, ...]:
        path = path_of(self.folder, as_of)
        return (describe(path.name, read_bytes(path) or b""),)

    def nights(self) -> tuple[date, ...]:
        return nights_in(self.folder, _SUFFIX)


def make_project(folder: Path, size: Size) -> Project:
    """The project over these files: 40 rounds, judged on the newest 3 nights."""
    return Project(
        name="wide",
        about="Will this order be returned?",
        timezone="UTC",
        contract=make_contract(size),
        task="binary",
        source=NightFiles(folder=folder),
        label_delay=0,
        features=(Numbers(columns=tuple(size.numbers)), Categories(columns=tuple(size.words))),
        family=XGBoost(n_rounds=ROUNDS),
        gates=(NotWorse(), BeatsPrior()),
        policy=Policy(refresh_every=GATE_NIGHTS, gate_nights=GATE_NIGHTS),
    )
