"""Labels of classes as codes, chances of the classes that a model knows among all. Pure.

A project's classes are `schemas.classes`. In memory a label is the place of its class among them,
so that targets are numbers whatever the task; in the store it is a word.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


def codes_of(labels: "pd.Series[str]", classes: Sequence[str]) -> Floats:
    """The place of each label's class; NaN for a word that is no class any more.

    >>> codes_of(pd.Series(["cat", "dog", "cow"]), ("cat", "dog")).tolist()
    [0.0, 1.0, nan]
    """
    places = pd.Index(classes).get_indexer(pd.Index(labels))
    return np.where(places < 0, np.nan, places).astype(np.float64)


def words_of(codes: Floats, classes: Sequence[str]) -> "pd.Series[str]":
    """The classes' names again."""
    return pd.Series(np.array(classes, dtype=object)[codes.astype(np.intp)], dtype="str")


def known_codes(target: Floats) -> npt.NDArray[np.intp]:
    """The classes that are there, in order."""
    return np.unique(target).astype(np.intp)


def among_known(target: Floats, known: npt.NDArray[np.intp]) -> Floats:
    """Codes without a gap, as families learn them.

    >>> among_known(np.array([2.0, 0.0]), np.array([0, 2])).tolist()
    [1.0, 0.0]
    """
    return np.searchsorted(known, target).astype(np.float64)


def among_all(chances: Floats, known: Sequence[str], classes: Sequence[str]) -> Floats:
    """Chances of known classes, shape (rows, known), as chances of all: 0 of any other.

    A class that is known and no class any more takes its chance with it.
    """
    spread = np.zeros((len(chances), len(classes)))
    for place, name in enumerate(known):
        if name in classes:
            spread[:, classes.index(name)] = chances[:, place]
    return spread
