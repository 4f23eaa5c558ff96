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
        cls, task: Task, target: Floats, scores: Floats, prior: float, nights: Indices
    ) -> "Side":
        """The losses of scores and of the constant."""
        constant = row_losses(task, target, np.full(len(target), prior))
        return cls(row_losses(task, target, scores), constant, nights)

    @property
    def gain(self) -> float:
        """Mean loss of a row that the model saves over the constant."""
        return float((self.prior - self.losses).mean())


def loss_gap(training: Side, gate: Side) -> Estimate:
    """Loss on unseen nights, less that on training rows: Welch's t over nights of both sides."""
    return _apart((gate.losses, gate.nights), (training.losses, training.nights))


def lost_share(training: Side, gate: Side) -> Estimate | None:
    """Share of the gain over the constant on training rows that is gone on unseen nights.

    A share of 0 keeps it all, 1 none; above 1 the constant would do better. The interval is that
    of the gain on the gate nights. None where nothing is gained on training rows.
    """
    learned = training.gain
    if learned <= 0:
        return None
    left = mean_over_nights(gate.prior - gate.losses, gate.nights)
    ends = [None if end is None else 1 - end / learned for end in (left.upper, left.lower)]
    return Estimate(value=1 - left.value / learned, lower=ends[0], upper=ends[1])


def mean_over_nights(values: Floats, nights: Indices) -> Estimate:
    """The mean of a row, with Student's t over nights."""
    mean, error = float(values.mean()), _error(values, nights)
    return _around(mean, error[0], error[1] - 1) if error else Estimate(value=mean)


def shuffle_labels(target: Floats, seed: int) -> Floats:
    """The labels in a random order: features tell nothing of them any more."""
    return np.random.default_rng([seed, 1]).permutation(target)


def noise_fitted(shuffled: Side) -> float | None:
    """Share of the constant's loss on shuffled labels that a fit took away on these very rows."""
    constant = float(shuffled.prior.mean())
    return shuffled.gain / constant if constant > 0 else None


def plant_canaries(task: Task, target: Floats, seed: int) -> tuple[Indices, Floats]:
    """Which training rows get another label, and all labels with theirs replaced.

    A class becomes the other one, a value that of the other end: of values below the median the
    98th percentile, of others the 2nd.
    """
    number = min(CANARIES, len(target) // ONE_IN)
    rows = np.random.default_rng([seed, 2]).choice(len(target), number, replace=False)
    planted = target.copy()
    if task == "binary":
        planted[rows] = 1 - target[rows]
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
    first, second = _error(*one), _error(*other)
    if first is None or second is None:
        return Estimate(value=difference)
    parts = [(error**2, nights - 1) for error, nights in (first, second)]
    variance = sum(part for part, _ in parts)
    spread = sum(part**2 / freedom for part, freedom in parts)
    freedom = variance**2 / spread if spread > 0 else 1.0
    return _around(difference, float(np.sqrt(variance)), freedom)


def _error(values: Floats, nights: Indices) -> tuple[float, int] | None:
    """Standard error of a mean over rows, and how many nights it is taken over."""
    _, numbers, rows = np.unique(nights, return_inverse=True, return_counts=True)
    if len(rows) < MIN_UNITS:
        return None
    sums = np.asarray(np.bincount(numbers, values), dtype=np.float64)
    pairs = PairedNights(rows.astype(np.float64), np.zeros(len(rows)), sums)
    return pairs.standard_error, len(rows)


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
