"""Where a time lies in its local day and week. No months: a model knows too few of each."""

from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State
from schemas.zone import Zone

Part = Literal["hour", "weekday"]

_LENGTHS: dict[Part, int] = {"hour": 24, "weekday": 7}


class Calendar(FeatureStep):
    """Each part as a number and as a point on its circle: `hour`, `hour_sin`, `hour_cos`.

    Hours count from local midnight and have fractions; weekdays count from Monday, 0.
    """

    learns: ClassVar[bool] = False

    zone: Zone = Field(description="IANA name of the zone whose clock counts")
    column: str = "event_time"
    parts: tuple[Part, ...] = Field(default=("hour", "weekday"), min_length=1)

    def reads(self) -> frozenset[str]:
        """The column of times."""
        return frozenset((self.column,))

    def fit(self, frame: pd.DataFrame) -> State:
        """Nothing to learn."""
        return {}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """Three columns a part."""
        local = frame[self.column].dt.tz_convert(self.zone)
        names: list[str] = []
        values = np.empty((len(frame), 3 * len(self.parts)), dtype=np.float32)
        for position, part in enumerate(self.parts):
            number = _count(local, part)
            angle = 2 * np.pi * number / _LENGTHS[part]
            names += [part, f"{part}_sin", f"{part}_cos"]
            values[:, 3 * position] = number
            values[:, 3 * position + 1] = np.sin(angle)
            values[:, 3 * position + 2] = np.cos(angle)
        return Matrix(tuple(names), tuple("number" for _ in names), values)


def _count(local: "pd.Series[pd.Timestamp]", part: Part) -> np.ndarray:
    if part == "weekday":
        return local.dt.weekday.to_numpy(dtype=np.float64)
    return (local.dt.hour + local.dt.minute / 60).to_numpy(dtype=np.float64)
