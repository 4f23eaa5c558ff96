"""Memorising versus understanding: what is left of a model away from its training rows. Pure.

The fits that this needs are made by `tasks.engine.memorise`; what refuses is a gate's business.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from schemas.memorisation import Estimate
from schemas.project import Matrix, Task
from tasks.core.metrics import row_losses
from tasks.core.paired_nights import PairedNights

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

MIN_UNITS = 3
CANARIES = 50
ONE_IN = 50
"""Of so many training rows one is a canary, and `CANARIES` at most."""
_BINS = 100
_TAIL = 0.02
_QUANTILE = 0.975


@dataclass(frozen=True, eq=False)
class Side:
    """Rows on one side of the split: a model's losses, the constant's, the number of each night."""

    losses: Floats
    prior: Floats
    nights: Indices

    @classmethod
    def of(
        cls, task: Task, target: Floats, scores: Floats, constant: Floats, nights: Indices
    ) -> "Side":
        """The losses of scores and of what the constant predicts."""
        return cls(row_losses(task, target, scores), row_losses(task, target, constant), nights)

    @property
    def saved(self) -> float:
        """Share of the constant's loss that the model saves; 0 where there is none to save."""
        constant = float(self.prior.sum())
        return 1 - float(self.losses.sum()) / constant if constant > 0 else 0.0


def loss_gap(training: Side, gate: Side) -> Estimate:
    """Loss on unseen nights, less that on training rows: Welch's t over nights of both sides."""
    return _apart((gate.losses, gate.nights), (training.losses, training.nights))


def lost_share(training: Side, gate: Side) -> Estimate | None:
    """How much less of the constant's loss is saved on unseen nights than on training rows.

    A share of 0 saves as much, 1 nothing; above 1 the constant would do better. Each side has its
    own constant's loss, so that nights that are harder for both make no difference. The interval is
    that of the gate nights. None where nothing is saved on training rows.
    """
    learned = training.saved
    if learned <= 0 or not gate.prior.any():
        return None
    loss = _mean_over(gate.losses, gate.prior, gate.nights)
    ends = [None if end is None else 1 - (1 - end) / learned for end in (loss.lower, loss.upper)]
    return Estimate(value=1 - (1 - loss.value) / learned, lower=ends[0], upper=ends[1])


def mean_over_nights(values: Floats, nights: Indices) -> Estimate:
    """The mean of a row, with Student's t over nights."""
    return _mean_over(values, np.ones(len(values)), nights)


def _mean_over(values: Floats, weights: Floats, nights: Indices) -> Estimate:
    """The sum of values over that of weights."""
    ratio, error = float(values.sum() / weights.sum()), _error(values, weights, nights)
    return _around(ratio, error[0], error[1] - 1) if error else Estimate(value=ratio)


def shuffle_labels(target: Floats, seed: int) -> Floats:
    """The labels in a random order: features tell nothing of them any more."""
    return np.random.default_rng([seed, 1]).permutation(target)


def plant_canaries(task: Task, target: Floats, seed: int) -> tuple[Indices, Floats]:
    """Which training rows get another label, and all labels with theirs replaced.

    A class becomes the next one, a value that of the other end: of values below the median the
    98th percentile, of others the 2nd.
    """
    number = min(CANARIES, len(target) // ONE_IN)
    rows = np.random.default_rng([seed, 2]).choice(len(target), number, replace=False)
    planted = target.copy()
    if task == "binary":
        planted[rows] = 1 - target[rows]
    elif task == "multiclass":
        there = np.unique(target)
        planted[rows] = there[(np.searchsorted(there, target[rows]) + 1) % len(there)]
    else:
        low, middle, high = np.quantile(target, (_TAIL, 0.5, 1 - _TAIL), method="nearest")
        planted[rows] = np.where(target[rows] < middle, high, low)
    return rows, planted


def exposure(before: Floats, after: Floats, given: Floats, planted: Floats) -> Estimate | None:
    """How far predictions of canaries move towards their planted labels: 0 not at all, 1 fully.

    `before` and `after` are of fits without and with them. The interval is over canaries. None
    under three whose label became another one.
    """
    moved, asked = after - before, planted - given
    there = asked != 0
    if there.sum() < MIN_UNITS:
        return None
    weights = asked[there] ** 2
    pairs = PairedNights(weights, np.zeros(len(weights)), moved[there] * asked[there])
    return _around(pairs.gain, pairs.standard_error, len(weights) - 1)


def is_near(training: Matrix, rows: Matrix) -> Flags:
    """Whether all features of a row are those of some training row.

    Numbers are compared by the hundredth of the training rows that they lie in, categories and
    gaps exactly.
    """
    return np.asarray(np.isin(_hashes(training, rows), _hashes(training, training)))


def near_gap(gate: Side, near: Flags) -> Estimate | None:
    """Loss on gate rows away from training rows, less that on those near one."""
    if near.all() or not near.any():
        return None
    rest = gate.losses[~near], gate.nights[~near]
    return _apart(rest, (gate.losses[near], gate.nights[near]))


def _apart(one: tuple[Floats, Indices], other: tuple[Floats, Indices]) -> Estimate:
    """Difference of two means over rows, by Welch's t over nights."""
    difference = float(one[0].mean() - other[0].mean())
    first, second = (_error(part[0], np.ones(len(part[0])), part[1]) for part in (one, other))
    if first is None or second is None:
        return Estimate(value=difference)
    parts = [(error**2, nights - 1) for error, nights in (first, second)]
    variance = sum(part for part, _ in parts)
    spread = sum(part**2 / freedom for part, freedom in parts)
    freedom = variance**2 / spread if spread > 0 else 1.0
    return _around(difference, float(np.sqrt(variance)), freedom)


def _error(values: Floats, weights: Floats, nights: Indices) -> tuple[float, int] | None:
    """Standard error of that ratio, and how many nights it is taken over."""
    _, numbers = np.unique(nights, return_inverse=True)
    sums, sizes = (np.asarray(np.bincount(numbers, x), np.float64) for x in (values, weights))
    if len(sums) < MIN_UNITS or not (sizes > 0).all():
        return None
    return PairedNights(sizes, np.zeros(len(sums)), sums).standard_error, len(sums)


def _around(value: float, error: float, freedom: float) -> Estimate:
    wide = float(stdtrit(freedom, _QUANTILE)) * error
    return Estimate(value=value, lower=value - wide, upper=value + wide)


def _hashes(training: Matrix, rows: Matrix) -> npt.NDArray[np.uint64]:
    places = [
        _places(kind, training.values[:, column], rows.values[:, column])
        for column, kind in enumerate(training.kinds)
    ]
    hashes = pd.util.hash_pandas_object(pd.DataFrame(np.column_stack(places)), index=False)
    return np.asarray(hashes, dtype=np.uint64)


def _places(kind: str, known: np.ndarray, values: np.ndarray) -> npt.NDArray[np.int64]:
    """The bin of each value; -1 of one that is missing."""
    if kind == "category":
        return np.where(np.isnan(values), -1, np.nan_to_num(values)).astype(np.int64)
    there = known[~np.isnan(known)]
    if not len(there):
        return np.where(np.isnan(values), -1, 0)
    edges = np.unique(np.quantile(there, np.arange(1, _BINS) / _BINS, method="inverted_cdf"))
    return np.where(np.isnan(values), -1, np.searchsorted(edges, values, side="right"))
