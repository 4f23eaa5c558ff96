"""What each feature gains: the loss that comes of shuffling it among the gate rows. Pure.

The rows of one night depend on each other, so the interval is Student's t over nights
(`tasks.core.paired_nights`). Features that say the same stand in for each other, and then neither
shows a gain.
"""

from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

from schemas.examination import FeatureGain
from schemas.project import Matrix, Task
from tasks.core.metrics import row_losses
from tasks.core.paired_nights import PairedNights

Floats = npt.NDArray[np.float64]

MIN_NIGHTS = 3
CONFIDENCE = 0.975
_PARTS = ("_sin", "_cos", "_missing")


def feature_gains(
    task: Task,
    features: Matrix,
    target: Floats,
    nights: npt.NDArray[np.intp],
    predict: Callable[[Matrix], Floats],
    positions: Sequence[int],
) -> tuple[FeatureGain, ...]:
    """Gains of the features at these positions, largest first; none under three nights.

    Each is shuffled once over all rows, by a draw that its name seeds: within a night, a feature
    that has one value a night could not show anything.
    """
    rows = np.bincount(nights).astype(np.float64)
    if len(rows) < MIN_NIGHTS:
        return ()
    usual = _by_night(nights, row_losses(task, target, predict(features)))
    values = features.values.copy()
    gains = []
    for name, together in _together(features.names, positions).items():
        order = np.random.default_rng(crc32(name.encode())).permutation(len(values))
        values[:, together] = features.values[order][:, together]
        shuffled = predict(Matrix(features.names, features.kinds, values))
        values[:, together] = features.values[:, together]
        without = _by_night(nights, row_losses(task, target, shuffled))
        gains.append(_gain(name, PairedNights(rows, usual, without)))
    return tuple(sorted(gains, key=lambda gain: -gain.gain))


def _together(names: Sequence[str], positions: Sequence[int]) -> dict[str, list[int]]:
    """Features that one name stands for: `hour`, its sine and its cosine say the same."""
    found: dict[str, list[int]] = {}
    for position in positions:
        name = names[position]
        bases = [name.removesuffix(part) for part in _PARTS if name.endswith(part)]
        found.setdefault(next((b for b in bases if b in names), name), []).append(position)
    return found


def _by_night(nights: npt.NDArray[np.intp], losses: Floats) -> Floats:
    return np.asarray(np.bincount(nights, losses), dtype=np.float64)


def _gain(name: str, paired: PairedNights) -> FeatureGain:
    return FeatureGain(
        feature=name,
        gain=paired.gain,
        lower=paired.lower(CONFIDENCE),
        upper=paired.upper(CONFIDENCE),
    )
