"""What to try next and when a trial is hopeless: the one door to Optuna.

What a trial is, and what its losses are, is `.tuning`; nothing of Optuna's is stored.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from schemas.curve import Span
from schemas.record import digest_of
from schemas.search import Params, Trial

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import TrialState

_RANDOM = 8
"""Trials before the estimator has enough to go by."""
_UNPRUNED = 5
"""Trials that are never pruned; each trial meets two folds at least."""


class Proposals:
    """A study in memory. Each trial is drawn by a seed of its own: after a kill the same follow."""

    def __init__(self, space: Mapping[str, Span], project: Params, seed: Sequence[int]) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._seed = seed
        self._space = {name: _distribution(span, project[name]) for name, span in space.items()}
        pruner = optuna.pruners.MedianPruner(n_startup_trials=_UNPRUNED, n_warmup_steps=1)
        self._study = optuna.create_study(pruner=pruner)

    def propose(self, number: int, start: Params | None) -> Params:
        """The parameters of a trial: those of `start`, or drawn in the light of those before."""
        from optuna.samplers import TPESampler

        if start:
            self._study.enqueue_trial(start)
        seed = int(digest_of([*self._seed, number])[:8], 16)
        self._study.sampler = TPESampler(seed=seed, n_startup_trials=_RANDOM)
        self._trial = self._study.ask(self._space)
        return dict(self._trial.params)

    def is_hopeless(self, fold: int, share: float) -> bool:
        """Whether its best share so far is worse than the median of the others' at this fold."""
        self._trial.report(share, fold)
        return self._trial.should_prune()

    def tell(self, trial: Trial) -> None:
        """End the trial that was proposed last."""
        value = trial.share if trial.state == "complete" else None
        self._study.tell(self._trial, value, _state(trial))

    def remember(self, trial: Trial, shares: Sequence[float]) -> None:
        """A trial that was told before a kill."""
        from optuna.trial import create_trial

        self._study.add_trial(
            create_trial(
                state=_state(trial),
                params=trial.params,
                distributions=self._space,
                value=trial.share if trial.state == "complete" else None,
                intermediate_values=dict(enumerate(shares)),
            )
        )


def _distribution(span: Span, project: float) -> "BaseDistribution":
    """The span, widened to the project's own value; whole numbers stay whole."""
    from optuna.distributions import FloatDistribution, IntDistribution

    low, high = min(span.low, project), max(span.high, project)
    if isinstance(project, int):
        return IntDistribution(int(low), int(high), log=span.log)
    return FloatDistribution(low, high, log=span.log)


def _state(trial: Trial) -> "TrialState":
    from optuna.trial import TrialState

    return TrialState[{"complete": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL"}[trial.state]]
