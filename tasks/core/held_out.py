"""Held-out groups: which rows belong to the fifth of groups that judges, pure over a column.

The choice hangs on the project's name and the group's value alone: it is equal on every night and
machine. What becomes of these rows is `tasks.engine.groups`.
"""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

ONE_OF = 5
"""One group of so many is held out."""

BUNDLES = 64
"""Held-out groups are judged in so many bundles at most, each of them whole groups."""


def is_held_out(groups: "pd.Series[Any]", project: str) -> npt.NDArray[np.bool_]:
    """Whether each row's group is held out. A row without a value is a group of its own, and never.

    >>> is_held_out(pd.Series([4, 4, 9, None]), "shop").tolist()
    [True, True, False, False]
    """
    places, numbers = _numbered(groups, project)
    return np.asarray((numbers % ONE_OF == 0)[places] & (places >= 0))


def bundles_of(groups: "pd.Series[Any]", project: str) -> npt.NDArray[np.int64]:
    """The bundle of each row's group, of rows that have one."""
    places, numbers = _numbered(groups, project)
    return np.asarray((numbers // ONE_OF % BUNDLES)[places], dtype=np.int64)


def names_of_groups(groups: "pd.Series[Any]") -> set[str]:
    """The values of groups that are there, as they are told apart."""
    return {_name(value) for value in groups.dropna().unique()}


def _numbered(
    groups: "pd.Series[Any]", project: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Each row's place among the different groups, -1 without a value; and their numbers."""
    places, different = pd.factorize(groups)
    numbers = [_number(value, project) for value in different]
    return np.asarray(places, dtype=np.int64), np.array([*numbers, 1], dtype=np.uint64)


def _number(value: object, project: str) -> int:
    salted = f"{project}\n{_name(value)}".encode(errors="surrogatepass")
    return int.from_bytes(hashlib.sha256(salted).digest()[:8])


def _name(value: object) -> str:
    """Equal for 7 and 7.0: whole numbers are read as either, with gaps or without."""
    if isinstance(value, int | float | np.number | np.bool_) and float(value).is_integer():
        return str(int(value))
    return str(value)
