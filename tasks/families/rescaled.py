"""Chances moved to what they turned out to mean: Platt's line, or one temperature. Numpy alone.

A pulled model's folder holds a copy of this file, so it may import nothing else. How the line is
fitted is `tasks.families.platt`.
"""

import numpy as np

_LEAST = 1e-12
"""Of a chance: its log odds are finite."""


def rescale(said: np.ndarray, slope: float, shift: float) -> np.ndarray:
    """The chances with their log odds times `slope` plus `shift`; of classes the logs by `slope`.

    With a slope above 0 the order of rows stays, and of classes which is likeliest.
    """
    said = np.asarray(said, dtype=np.float64)
    if (slope, shift) == (1.0, 0.0):
        return said
    if said.ndim == 1:
        return np.asarray(0.5 + 0.5 * np.tanh((slope * log_odds(said) + shift) / 2))
    logs = slope * logs_of(said)
    chances = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def log_odds(said: np.ndarray) -> np.ndarray:
    """Of each chance, finite."""
    chances = np.clip(said, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(chances) - np.log1p(-chances))


def logs_of(said: np.ndarray) -> np.ndarray:
    """The logarithm of each chance, finite."""
    return np.asarray(np.log(np.maximum(said, _LEAST)))
