"""The rows of gate nights with both models' scores, gathered night by night, then evaluated.

The evaluation itself is `tasks.core.evaluation`; loss sums are `tasks.engine.contest`.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd

from schemas.costs import Costs
from schemas.evaluation import TIME_OF_DAY, Evaluation
from schemas.project import Task
from tasks.core.evaluation import Judged, evaluate
from tasks.core.held_out import bundles_of

ROWS = 1_000_000
"""Where the gate nights have more rows, every so many of each night are evaluated."""
_HOURS = np.array(["00 to 05", "06 to 11", "12 to 17", "18 to 23"], dtype=object)


class Declared(Protocol):
    """What of a project says how its models are evaluated."""

    @property
    def name(self) -> str: ...
    @property
    def task(self) -> Task: ...
    @property
    def threshold(self) -> float: ...
    @property
    def slices(self) -> tuple[str, ...]: ...
    @property
    def groups(self) -> str | None: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def costs(self) -> Costs | None: ...
    @property
    def capacity(self) -> int | None: ...
    @property
    def timezone(self) -> str: ...
    @property
    def time(self) -> str: ...


@dataclass
class Evaluating:
    """The rows of one contest."""

    declared: Declared
    every: int
    _parts: dict[str, list[np.ndarray]] = field(default_factory=lambda: defaultdict(list))
    _words: dict[str, list["pd.Series[Any]"]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, declared: Declared, rows: int) -> Self:
        """For a contest of about so many rows."""
        return cls(declared, max(1, -(-rows // ROWS)))

    def add(
        self,
        frame: pd.DataFrame,
        target: np.ndarray,
        challenger: np.ndarray,
        rival: np.ndarray | None,
    ) -> None:
        """The rows of one night; a column to slice by may be missing from an early one."""
        frame = frame.iloc[:: self.every]
        parts = {"target": target, "challenger": challenger, "rival": rival}
        for name, values in parts.items():
            if values is not None:
                self._parts[name].append(values[:: self.every])
        self._parts["nights"].append(np.full(len(frame), len(self._parts["nights"])))
        if self.declared.groups is not None:
            bundles = bundles_of(frame[self.declared.groups], self.declared.name)
            self._parts["groups"].append(bundles)
        for name in self.declared.slices:
            words = frame[name] if name in frame else pd.Series([None] * len(frame), dtype=object)
            self._words[name].append(words)
        if self.declared.time in frame:
            hours = frame[self.declared.time].dt.tz_convert(self.declared.timezone).dt.hour
            self._words[TIME_OF_DAY].append(pd.Series(_HOURS[hours // 6]))

    def evaluation(self) -> Evaluation | None:
        """Of all rows that were added; None when there are none."""
        if not sum(map(len, self._parts["target"])):
            return None
        whole = {name: np.concatenate(parts) for name, parts in self._parts.items()}
        words = {name: pd.concat(parts, ignore_index=True) for name, parts in self._words.items()}
        if TIME_OF_DAY in words and words[TIME_OF_DAY].nunique() == 1:
            del words[TIME_OF_DAY]  # all rows again
        capacity = self.declared.capacity
        judged = Judged(
            **whole,
            words=words,
            classes=self.declared.classes,
            costs=self.declared.costs,
            capacity=capacity and max(1, capacity // self.every),
        )
        return evaluate(self.declared.task, judged, self.declared.threshold)
