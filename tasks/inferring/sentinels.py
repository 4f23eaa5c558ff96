"""Values that stand for "unknown": -999, 9999, 0 K, "n/a". Nulling them is a cleaning step."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

_WORDS = frozenset(
    ("n/a", "#n/a", "null", "nan", "nil", "?", "-", "--", "missing", "not available", "undefined")
)
_PERHAPS = frozenset(("na", "none", "unknown", "unbekannt", "other", "k.a."))
_NUMBERS = (-1, -9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999, -200)
_FEWEST = 3
_ALONE = 3.0  # spreads of the other values between the sentinel and them
_SPIKE = 0.005
_KELVIN = (150, 400)


@dataclass(frozen=True)
class Sentinels:
    """Values that are sentinels beyond doubt, and values that may be."""

    evident: tuple[float | str, ...] = ()
    suspected: tuple[float | str, ...] = ()


def are_unknown(words: "pd.Series[str]") -> "pd.Series[bool]":
    """Which of these say that nothing is known, or may say it."""
    return words.str.lower().isin(_WORDS | _PERHAPS)


def among_words(unknown: "pd.Series[str]") -> Sentinels:
    """Of a column of words: `none` and `other` may be words like others."""
    found = sorted(set(unknown.dropna()))
    evident = tuple(word for word in found if word.lower() in _WORDS)
    return Sentinels(evident, tuple(word for word in found if word.lower() not in _WORDS))


def among_numbers(numbers: "pd.Series[float]") -> Sentinels:
    """Evident where it comes often and lies far from all other values; a spike is suspected."""
    known = np.sort(numbers.dropna().to_numpy(dtype=np.float64))
    evident: list[float] = []
    suspected: list[float] = []
    for value in (*_NUMBERS, 0):
        rows = int(np.searchsorted(known, value, "right") - np.searchsorted(known, value, "left"))
        if rows < _FEWEST or rows > len(known) / 2:
            continue
        others = known[(known != value) & ~np.isin(known, evident)]
        if len(others) and _is_alone(value, others):
            evident.append(value)
        elif value and _sticks_out(value, rows, others):
            suspected.append(value)
    return Sentinels(tuple(evident), tuple(suspected))


def _is_alone(value: float, others: np.ndarray) -> bool:
    """Far outside of the other values. Nought is usual, but for a temperature in Kelvin."""
    low, high = float(others[0]), float(others[-1])
    if value == 0:
        return low >= _KELVIN[0] and high <= _KELVIN[1]
    if abs(value) < 99:  # -1 and -9 lie close to everything
        return False
    away = max(low - value, value - high)
    spread = float(np.quantile(others, 0.999) - np.quantile(others, 0.001))
    return away > _ALONE * spread and spread > 0


def _sticks_out(value: float, rows: int, others: np.ndarray) -> bool:
    """The only negative value, or at the end of all values, more often than by chance."""
    if rows < _SPIKE * (len(others) + rows) or not len(others):
        return False
    return (value < 0 <= others[0]) or (value >= 99 and value > others[-1])
