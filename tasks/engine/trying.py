"""Trials of a search, one after the other: fitted fold by fold, given up where they are hopeless.

What is planned and concluded is `.tuning`; what is tried next `.proposals`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schemas.errors import ModelUnusable
from schemas.project import ModelFamily, Project
from schemas.search import Params, Trial
from tasks.engine.folds import FoldRows, losses_of
from tasks.engine.journal import Journal, Noted
from tasks.engine.learning import fit_family, known_classes, said_of
from tasks.engine.limited import limited
from tasks.engine.proposals import Proposals
from tasks.engine.sweep import with_params
from tasks.families.prior import Prior

Clock = Callable[[], float]
"""Seconds, as `time.perf_counter` counts them."""


@dataclass(frozen=True)
class Budget:
    """Trials, passes over rows after which no other trial begins, minutes that one fit may take."""

    trials: int
    rounds: int | None
    minutes: float


@dataclass
class Trying:
    """The trials of a search on these folds; `tell` hears of each fit."""

    project: Project
    rows: Sequence[FoldRows]
    budget: Budget
    clock: Clock
    tell: Callable[[str], None]
    constant: list[float] = field(init=False)
    """The constant's loss sum on each fold."""

    def __post_init__(self) -> None:
        self.constant = [float(self.fit(Prior(), rows).sum()) for rows in self.rows]

    def run(self, kept: Journal, starts: Sequence[Params], proposals: Proposals) -> list[Noted]:
        """The trials that were kept, then others until the budget is used up."""
        limit = np.inf if self.budget.rounds is None else self.budget.rounds
        for one in kept.noted[: self.budget.trials]:
            proposals.remember(one.trial, one.shares)
            self._pass_over(len(self.rows))
        for number in range(len(kept.noted), self.budget.trials):
            if sum(one.trial.rounds for one in kept.noted) >= limit:
                break
            start = starts[number] if number < len(starts) else None
            params = proposals.propose(number, start)
            one = self._try(number, params, proposals, len(starts))
            proposals.tell(one.trial)
            kept.note(one)
        return kept.noted[: self.budget.trials]

    def fit(self, family: ModelFamily, rows: FoldRows) -> np.ndarray:
        """The family's losses on the judging rows of a fold.

        Raises:
            ModelUnusable: it fails, predicts no numbers, or takes too long.
        """
        project = self.project.model_copy(update={"family": family})
        _, matrix, target = rows.prepared
        with limited(self.budget.minutes, project.name):
            with said_of(project, "fitting"):
                model = fit_family(project, matrix, target)
            return losses_of(project, model, rows.judging, known_classes(project, target))

    def _try(self, number: int, params: Params, proposals: Proposals, starts: int) -> Noted:
        family, start, failure = with_params(self.project.family, params), self.clock(), ""
        losses: list[pd.DataFrame] = []
        shares: list[float] = []
        try:
            for rows in self.rows:
                self.tell(str(number))
                losses.append(rows.judging.units.assign(loss=self.fit(family, rows)))
                shares.append(self._share(losses))
                is_hopeless = proposals.is_hopeless(len(shares) - 1, shares[-1])
                if is_hopeless and number >= starts:  # what it starts from is measured whole
                    break
        except ModelUnusable as error:
            failure = str(error).removeprefix(f"{self.project.name}: ")
        fits = len(shares) + bool(failure)
        self._pass_over(len(self.rows) - fits)
        is_whole = len(shares) == len(self.rows)
        trial = Trial(
            number=number,
            params=params,
            state="failed" if failure else "complete" if is_whole else "pruned",
            origin="project" if not number else "before" if number < starts else "sampled",
            folds=len(shares),
            share=shares[-1] if shares else None,
            rounds=family.rounds * fits,
            fit_seconds=round(self.clock() - start, 3),
            failure=failure,
        )
        sums = pd.concat(losses) if is_whole else None
        return Noted(trial=trial, shares=tuple(shares), **_by_unit(sums))

    def _share(self, losses: Sequence[pd.DataFrame]) -> float:
        """The loss on the folds so far over that of the constant."""
        total = sum(float(one["loss"].sum()) for one in losses)
        return total / max(sum(self.constant[: len(losses)]), 1e-300)

    def _pass_over(self, fits: int) -> None:
        for _ in range(fits):
            self.tell("")


def _by_unit(losses: pd.DataFrame | None) -> dict[str, tuple[float, ...]]:
    """Loss sums in order of nights, and of bundles where held-out groups judge."""
    if losses is None:
        return {}
    columns = {"night": "nights", "bundle": "bundles"}
    there = {unit: name for unit, name in columns.items() if unit in losses}
    return {
        name: tuple(map(float, losses.groupby(unit)["loss"].sum())) for unit, name in there.items()
    }
