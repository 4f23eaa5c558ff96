"""A simulated retrain's fits on every training window, what they cost and what each of them lost.

The real ones are `tasks.engine.windows`; the rule by which windows serve is shared.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from schemas.policy import Policy
from tasks.core.metrics import row_losses
from tasks.core.plan import Split, refits_until_judged
from tasks.engine.attempt import KNOWN
from tasks.engine.pruning import (
    Length,
    Tried,
    kept_windows,
    length_of,
    menu_of,
    score_windows,
    windows_to_judge,
    windows_to_refit,
)
from tasks.engine.replay.fits import Fits, Fitted

_FitNights = Callable[[Sequence[date]], Fitted]


@dataclass(frozen=True)
class Windows:
    """A fit for each training window, and the windows kept, whose fits serve as their mean."""

    fits: Mapping[Length, Fitted]
    kept: frozenset[Length]

    @property
    def members(self) -> tuple[Fitted, ...]:
        """The fits kept, each once."""
        return _each_once(fit for window, fit in self.fits.items() if window in self.kept)


@dataclass
class WindowFits:
    """Fits one policy's windows. Those of its newest champions exist already; others are paid."""

    fits: Fits
    policy: Policy
    row_rounds: int = 0
    _champions: list[frozenset[str]] = field(default_factory=list)
    _tried: list[Tried] = field(default_factory=list)

    def fit_challenger(self, nights: Sequence[date], cut: date) -> Windows:
        """The windows that are to be judged."""
        scores = self._score(nights)
        chosen = windows_to_judge(self.policy, self._tried, scores, cut)
        fitted = self._fit_each(self.fits.fit_to_be_judged, nights, chosen)
        return Windows(fitted, kept_windows(scores))

    def refit(self, nights: Sequence[date], judged: Windows) -> Windows:
        """The windows of a new champion."""
        scores = self._score(nights)
        chosen = windows_to_refit(self.policy, judged.fits, scores)
        return Windows(self._fit_each(self.fits.fit, nights, chosen), kept_windows(scores))

    def fit_members(
        self, nights: Sequence[date], windows: Collection[Length]
    ) -> tuple[Fitted, ...]:
        """Refits of these windows alone."""
        return _each_once(self._fit_each(self.fits.fit, nights, windows).values())

    def serve(self, served: Windows, challenger: Windows) -> None:
        """Remember what a new champion keeps: it need not be fitted again."""
        back = max(KNOWN, refits_until_judged(self.policy, self.fits.setting.label_delay))
        kept = frozenset(fit.id for fit in (*served.fits.values(), *challenger.members))
        self._champions = [kept, *self._champions[: back - 1]]

    def note_losses(self, challenger: Windows, split: Split) -> None:
        """What each window lost on the gate nights, by which later attempts prune."""
        if not self.policy.windows or split.cut is None:
            return
        fits, gate = self.fits, split.gate
        judges, target, task = fits.judges(gate), fits.target(gate), fits.setting.task
        losses = {
            window: row_losses(task, target[judges], fits.scores(fitted, gate)[judges])
            for window, fitted in challenger.fits.items()
        }
        means = {window: float(np.mean(rows)) for window, rows in losses.items()}
        self._tried.append(Tried(split.cut, gate[-1], means))

    def _score(self, nights: Sequence[date]) -> dict[Length, float]:
        return score_windows(menu_of(self.policy), self._tried, nights[-1])

    def _fit_each(
        self, fit: _FitNights, nights: Sequence[date], windows: Collection[Length]
    ) -> dict[Length, Fitted]:
        """A fit for each window; those longer than the history share one, paid for once."""
        lengths = {window: length_of(window, len(nights)) for window in windows}
        fitted = {n: self._pay(fit(nights[-n:])) for n in dict.fromkeys(lengths.values())}
        return {window: fitted[length] for window, length in lengths.items()}

    def _pay(self, fitted: Fitted) -> Fitted:
        if not any(fitted.id in known for known in self._champions):
            self.row_rounds += self.fits.cost(fitted)
        return fitted


def _each_once(fits: Iterable[Fitted]) -> tuple[Fitted, ...]:
    return tuple({fit.id: fit for fit in fits}.values())
