"""What a sample tells of its labels: the task, and how many nights they take to come."""

import numpy as np
import pandas as pd

from schemas.errors import DataUnreadable
from schemas.project import Task
from tasks.core.reading import as_flags, as_numbers
from tasks.inferring.guess import Answer

_COVERED = 0.9  # of the usual share of labels
_LONGEST = 120


def read_target(values: pd.Series, name: str) -> tuple[Task, "pd.Series[float]"]:
    """The task, and the labels as numbers, null where they are not known.

    Raises:
        DataUnreadable: no value, one value only, or words that are neither true nor false.
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
    if labels.notna().sum() < 0.97 * there.sum():
        raise DataUnreadable(
            f"target {shown} holds words: {int((there & labels.isna()).sum())} of "
            f"{int(there.sum())} are no numbers; deliver 1 and 0 (or true and false), or a number"
        )
    if labels.nunique() < 2:
        raise DataUnreadable(
            f"target {shown} has one value only, so nothing can be learnt; give a sample with more "
            "nights, or another --target"
        )
    return "binary" if is_binary else "regression", labels


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
