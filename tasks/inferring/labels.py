"""What a sample tells of its labels: the task, and how many nights they take to come."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schemas.errors import DataUnreadable
from schemas.project import Task
from tasks.core.coding import codes_of
from tasks.core.reading import as_flags, as_numbers, as_words
from tasks.inferring.guess import Answer

_COVERED = 0.9  # of the usual share of labels
_LONGEST = 120
_FEWEST, _MOST = 3, 30
"""Words of a target that are classes."""


@dataclass(frozen=True, eq=False)
class Target:
    """The task, the labels as numbers, null where they are not known, and their classes."""

    task: Task
    labels: "pd.Series[float]"
    classes: tuple[str, ...] = ()


def read_target(values: pd.Series, name: str) -> Target:
    """What is to be learnt: 3 to 30 words are classes, and labels then their places.

    Raises:
        DataUnreadable: no value, one value only, or other words that are neither true nor false.
    """
    shown = ascii(name)
    there = values.notna()
    if not there.any():
        raise DataUnreadable(
            f"target {shown} is null in every row; give a sample with nights whose labels are known"
        )
    flags, numbers = as_flags(values), as_numbers(values)
    is_binary = bool((flags.notna() == there).all())
    labels = flags if is_binary else numbers.where(np.isfinite(numbers))
    if not labels.notna().any() and (classes := _classes(values)):
        return Target("multiclass", _coded(as_words(values), classes), classes)
    if labels.notna().sum() < 0.97 * there.sum():
        raise DataUnreadable(
            f"target {shown} holds words: {int((there & labels.isna()).sum())} of "
            f"{int(there.sum())} are no numbers; deliver 1 and 0 (or true and false), a number, or "
            f"{_FEWEST} to {_MOST} words that come again"
        )
    if labels.nunique() < 2:
        raise DataUnreadable(
            f"target {shown} has one value only, so nothing can be learnt; give a sample with more "
            "nights, or another --target"
        )
    return Target("binary" if is_binary else "regression", labels)


def _classes(values: pd.Series) -> tuple[str, ...]:
    """The different words, where they are few and most of them come again."""
    counts = as_words(values).value_counts()
    is_few = _FEWEST <= len(counts) <= _MOST and (counts > 1).mean() > 0.5
    return tuple(sorted(map(str, counts.index))) if is_few else ()


def _coded(words: "pd.Series[str]", classes: tuple[str, ...]) -> "pd.Series[float]":
    return pd.Series(codes_of(words, classes), words.index)


def guess_delay(labels: "pd.Series[float]", nights: np.ndarray) -> Answer:
    """Nights until labels are complete: as many as the newest ones that lack some."""
    coverage = labels.notna().groupby(nights).mean().sort_index().to_numpy(dtype=np.float64)
    usual = float(np.median(coverage[: max(1, len(coverage) // 2)]))
    late = 0
    while late < len(coverage) - 1 and coverage[-1 - late] < _COVERED * usual:
        late += 1
    if usual == 0 or late > _LONGEST:
        return Answer("1", "the sample does not tell how late labels come", is_sure=False)
    if late:
        said = "night lacks" if late == 1 else f"{late} nights lack"
        return Answer(str(late), f"the newest {said} labels", is_sure=True)
    return Answer("1", "every night of the sample has its labels", is_sure=False)


def labelled_nights(labels: "pd.Series[float]", nights: np.ndarray) -> int:
    """Nights that are labelled well enough to train on."""
    return int((labels.notna().groupby(nights).mean() >= _COVERED).sum())
