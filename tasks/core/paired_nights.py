"""Two models on the same nights: gain, its standard error over nights, confidence limits.

The rows of one night depend on each other, so the unit of resampling is the night. What passes is
decided in `tasks.gates`; losses come from `tasks.core.metrics`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Floats = npt.NDArray[np.float64]

# Added to every row's loss in ratios: two perfect models compare as 1, not as 0 / 0.
LOSS_FLOOR = 1e-12


@dataclass(frozen=True, eq=False)
class PairedNights:
    """Rows and loss sums of each night, all of shape (nights,); at least two nights."""

    rows: Floats
    challenger: Floats
    rival: Floats

    def __post_init__(self) -> None:
        if len(self.rows) < 2 or not (np.asarray(self.rows) > 0).all():
            raise ValueError(f"two nights with rows are needed, got rows {list(self.rows)}")
        if not (np.isfinite(self.challenger).all() and np.isfinite(self.rival).all()):
            raise ValueError("loss sums must be finite")

    @property
    def gain(self) -> float:
        """Mean loss of a row that the challenger saves; negative where it loses."""
        return float((self.rival - self.challenger).sum() / self.rows.sum())

    @property
    def standard_error(self) -> float:
        """Of the gain, a ratio over nights: sqrt(N/(N-1) * sum((g_i - m*n_i)^2)) / sum(n)."""
        nights = len(self.rows)
        residuals = self.rival - self.challenger - self.gain * self.rows
        return float(np.sqrt(nights / (nights - 1) * (residuals**2).sum()) / self.rows.sum())

    def lower(self, confidence: float) -> float:
        """One-sided lower limit of the gain, Student's t with N - 1 degrees of freedom."""
        return self.gain - self._quantile(confidence) * self.standard_error

    def upper(self, confidence: float) -> float:
        """One-sided upper limit of the gain, Student's t with N - 1 degrees of freedom."""
        return self.gain + self._quantile(confidence) * self.standard_error

    @property
    def loss_ratio(self) -> float:
        """Total loss of the challenger over the rival's."""
        floor = LOSS_FLOOR * self.rows.sum()
        return float((self.challenger.sum() + floor) / (self.rival.sum() + floor))

    @property
    def median_ratio(self) -> float:
        """Median over nights of the loss ratio: harm that one night's heavy tail cannot hide."""
        floor = LOSS_FLOOR * self.rows
        return float(np.median((self.challenger + floor) / (self.rival + floor)))

    def _quantile(self, confidence: float) -> float:
        return float(stdtrit(len(self.rows) - 1, confidence))
