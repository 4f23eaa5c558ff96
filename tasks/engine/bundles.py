"""Loss sums by bundles of held-out groups, added up night by night.

Sums by night are `tasks.engine.contest`; which bundle a group is in, `tasks.core.held_out`.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schemas.judgement import GroupSums, HeldOut
from tasks.core.held_out import bundles_of, names_of_groups


@dataclass
class Bundles:
    """What the held-out groups of one contest come to; nothing where the project has no groups."""

    column: str | None
    project: str
    _seen: set[str] = field(default_factory=set)
    _nights: list[pd.DataFrame] = field(default_factory=list)

    def add(self, frame: pd.DataFrame, losses: dict[str, np.ndarray]) -> None:
        """The losses of one night's rows by who made them."""
        if self.column is None:
            return
        groups = frame[self.column]
        self._seen |= names_of_groups(groups)
        bundles = bundles_of(groups, self.project)
        self._nights.append(pd.DataFrame(losses).assign(rows=1).groupby(bundles).sum())

    def held_out(self) -> HeldOut | None:
        """All that was added."""
        if self.column is None:
            return None
        added = pd.concat(self._nights).groupby(level=0).sum() if self._nights else pd.DataFrame()
        sums = added.rename_axis("bundle").reset_index().to_dict("records")
        bundles = tuple(GroupSums.model_validate(one) for one in sums)
        return HeldOut(column=self.column, groups=len(self._seen), bundles=bundles)
