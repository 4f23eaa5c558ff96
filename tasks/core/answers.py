"""One answer of a service for each row of a night, out of its log; how far it is from our own.

Where the log comes from and which nights are looked at is `tasks.engine.served`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schemas.project import Task
from tasks.core.labelling import read_keys
from tasks.core.reading import as_numbers, as_words

PREDICTION, VERSION = "prediction", "version"


@dataclass(frozen=True)
class Answers:
    """Answers by key, sorted by it. `outside` are those that cannot be a chance."""

    rows: pd.DataFrame
    read: int
    contradictory: int
    invalid: int
    repeated: int
    unknown: int
    outside: int


def settle_answers(given: pd.DataFrame, keys: pd.Series, task: Task) -> Answers:
    """The answers for these keys in `given`, which has columns key, prediction, perhaps version.

    One without a key or a finite number is invalid. A key with two predictions has no answer:
    which one was acted on?
    """
    key = str(keys.name)
    given = given.reset_index(drop=True)
    read = pd.DataFrame(
        {key: read_keys(given["key"], keys), PREDICTION: as_numbers(given[PREDICTION])}
    )
    if VERSION in given:
        read[VERSION] = as_words(given[VERSION])
    is_valid = read[key].notna() & np.isfinite(read[PREDICTION])
    valid = read[is_valid]
    distinct = valid.drop_duplicates([key, PREDICTION])
    torn = distinct[key].duplicated(keep=False)
    whole = distinct[~torn]
    kept = whole.merge(keys.to_frame(), on=key)
    outside = ~valid[PREDICTION].between(0, 1) if task == "binary" else pd.Series(dtype=bool)
    return Answers(
        rows=kept.sort_values(key).reset_index(drop=True),
        read=len(given),
        contradictory=int(distinct.loc[torn, key].nunique()),
        invalid=int((~is_valid).sum()),
        repeated=len(valid) - len(distinct),
        unknown=len(whole) - len(kept),
        outside=int(outside.sum()),
    )


@dataclass(frozen=True)
class Skew:
    """Rows that both scored by the same version, those of another, those on which they differ."""

    compared: int
    other_version: int
    disagreeing: int


def measure_skew(answers: pd.DataFrame, own: pd.DataFrame, version: str, tolerance: float) -> Skew:
    """How many answers are further from our own prediction than `tolerance`.

    Of numbers beyond 1 the tolerance is a share of our own. Where the log names no version, the
    service is taken to use ours.
    """
    key = str(own.columns[0])
    both = own.merge(answers, on=key, suffixes=("", "_served"))
    is_other = (
        both[VERSION].notna() & (both[VERSION] != version)
        if VERSION in both
        else pd.Series(data=False, index=both.index)
    )
    same = both[~is_other]
    far = (same[PREDICTION] - same[f"{PREDICTION}_served"]).abs()
    limit = tolerance * same[PREDICTION].abs().clip(lower=1)
    return Skew(len(same), int(is_other.sum()), int((far > limit).sum()))
