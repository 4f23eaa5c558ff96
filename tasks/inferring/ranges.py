"""Limits of numbers with room, and units that names tell.

Limits are wide on purpose: a feed that changes its unit is for the fault rule to find.
"""

import math
import re

import numpy as np
import pandas as pd

_ROOM = 1_000  # from metres to kilometres
_USUAL = 0.999  # share of values whose size is nothing special
_LARGEST = 1e300  # beyond it there is no room left
_UNITS = {
    **dict.fromkeys(("km", "kilometers", "kilometres"), "km"),
    **dict.fromkeys(("meters", "metres"), "m"),
    **dict.fromkeys(("miles", "mi"), "miles"),
    **{unit: unit for unit in ("cm", "mm", "kg", "ml", "kwh", "mwh", "kw", "mph", "ms", "m2")},
    **dict.fromkeys(("kmh", "kph"), "km/h"),
    **dict.fromkeys(("eur", "euro", "euros"), "euro"),
    **dict.fromkeys(("usd", "dollar", "dollars"), "US dollar"),
    "gbp": "pound sterling",
    "chf": "Swiss franc",
    "cents": "cent",
    **dict.fromkeys(("pct", "percent", "percentage"), "percent"),
    **dict.fromkeys(("seconds", "secs", "sec"), "seconds"),
    **dict.fromkeys(("minutes", "mins", "min"), "minutes"),
    **dict.fromkeys(("hours", "hrs"), "hours"),
    **{unit: unit for unit in ("days", "weeks", "months", "years", "mbar", "kelvin")},
    "hpa": "hPa",
    "celsius": "°C",
    "fahrenheit": "°F",
}
_DEGREES = {"f": "°F", "c": "°C", "k": "kelvin"}
_SIGNED = frozenset(("euro", "US dollar", "pound sterling", "Swiss franc", "cent", "°C", "°F"))
_TEMPERATURE = frozenset(("temp", "temperature", "dewp", "dewpoint"))


def words_of(name: str) -> list[str]:
    """The words that make a name: `tripKm`, `trip_km` and `Trip km` alike."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word.lower() for word in re.findall(r"[^\W_]+", split)]


def unit_of(name: str) -> str:
    """The unit that the name ends with, or "".

    >>> unit_of("price_eur"), unit_of("temp_f"), unit_of("shop")
    ('euro', '°F', '')
    """
    words = words_of(name)
    if len(words) < 2:
        return ""
    if words[-1] in _DEGREES and _TEMPERATURE & set(words):
        return _DEGREES[words[-1]]
    return _UNITS.get(words[-1], "")


def split_far(numbers: "pd.Series[float]") -> "tuple[pd.Series[float], pd.Series[float]]":
    """The values that a range is drawn from, and the few that lie beyond the room of all others.

    >>> values = pd.Series([*range(1_000), 1e9])
    >>> split_far(values)[1].tolist()
    [1000000000.0]
    """
    sizes = numbers.abs()
    usual = float(sizes.quantile(_USUAL, interpolation="lower")) if sizes.notna().any() else 0.0
    if not 0 < usual <= _LARGEST:
        return numbers, numbers[:0]
    is_far = sizes > _room(usual)
    return numbers[~is_far], numbers[is_far]


def range_of(
    numbers: "pd.Series[float]", unit: str, is_whole: bool
) -> tuple[float | None, float | None]:
    """Lowest and highest value to allow: the next power of ten above a thousand times the sample's.

    Nought is the lowest where the sample reaches it and never passes it, or the unit says so: a
    summer's temperatures are all positive too.
    """
    known = numbers.to_numpy(dtype=np.float64)
    known = known[~np.isnan(known)]
    if not len(known):
        return None, None
    low, high = float(known.min()), float(known.max())
    largest = max(abs(low), abs(high))
    if largest > _LARGEST:
        return None, None
    room = _room(largest)
    is_count = is_whole and low <= 1
    reaches = low == 0 or is_count or (bool(unit) and unit not in _SIGNED)
    return (0.0 if low >= 0 and reaches and unit not in _SIGNED else -room), room


def _room(largest: float) -> float:
    return 10.0 ** math.ceil(math.log10(largest * _ROOM)) if largest else float(_ROOM)
