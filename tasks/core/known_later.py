"""Columns that are known only later, as stored batches tell it: filled since, or changed since.

Pure, over profiles of batches and revisions of a night. Other leaks are `tasks.core.leaks`.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from schemas.batch import Batch, ColumnProfile
from schemas.examination import LeakAlarm

EMPTY = 0.95
FILLED = 0.5
VARIED = 0.95
CHANGED = 0.2
MIN_ROWS = 20
MIN_NIGHTS = 3


def filled_since(
    columns: Sequence[str], history: Sequence[Batch], fresh: Sequence[Batch]
) -> Iterator[LeakAlarm]:
    """Columns without values on the nights whose labels are not in yet, and with them before.

    A column that is constant on all those nights counts likewise, if it hardly ever was before.
    """
    before, now = ([b for b in some if b.counts.kept >= MIN_ROWS] for some in (history, fresh))
    if len(before) < MIN_NIGHTS or not now:
        return
    for name in columns:
        past, newest = _profiles(name, before), _profiles(name, now)
        if not newest or len(past) < MIN_NIGHTS:
            continue
        empty, usual = min(map(_null_share, newest)), float(np.median([*map(_null_share, past)]))
        if empty >= EMPTY and usual <= FILLED:
            text = f"null in {empty:.0%} of rows while labels are not in, limit {EMPTY:.0%}, and in"
            yield _alarm(name, empty, EMPTY, f"{text} {usual:.0%} of rows of earlier nights")
            continue
        varied = float(np.mean([one.distinct > 1 for _, one in past]))
        if varied >= VARIED and all(one.distinct <= 1 for _, one in newest):
            text = f"constant while labels are not in, but on {varied:.0%} of earlier nights it"
            yield _alarm(name, varied, VARIED, f"{text} varied, limit {VARIED:.0%}")


def changed_since(shares: Mapping[str, Sequence[float]]) -> Iterator[LeakAlarm]:
    """Columns whose values change between a night's first and newest revision, as a habit.

    `shares` are, by column, those of rows that changed on each night that was delivered again.
    """
    for name, nights in shares.items():
        usual = float(np.median(nights)) if len(nights) >= MIN_NIGHTS else 0.0
        if usual >= CHANGED:
            text = f"{usual:.0%} of its values changed on the median of {len(nights)} nights that"
            yield _alarm(name, usual, CHANGED, f"{text} were delivered again, limit {CHANGED:.0%}")


def changed_shares(
    first: pd.DataFrame, newest: pd.DataFrame, key: str, columns: Sequence[str]
) -> dict[str, float]:
    """The share of rows of both revisions in which each column changed; none without such rows."""
    rows = newest[key].isin(first[key])
    if not rows.any():
        return {}
    after = newest[rows].set_index(key)
    before = first.set_index(key).reindex(after.index)
    there = [name for name in columns if name in before and name in after]
    return {name: _changed(before[name], after[name]) for name in there}


def _changed(before: pd.Series, after: pd.Series) -> float:
    is_other = (before != after).fillna(True) & ~(before.isna() & after.isna())
    return float(is_other.astype(bool).mean())


def _profiles(name: str, batches: Sequence[Batch]) -> list[tuple[int, ColumnProfile]]:
    return [
        (batch.counts.kept, column)
        for batch in batches
        for column in batch.profile
        if column.column == name
    ]


def _null_share(profile: tuple[int, ColumnProfile]) -> float:
    rows, column = profile
    return column.nulls / rows


def _alarm(name: str, number: float, limit: float, sentence: str) -> LeakAlarm:
    return LeakAlarm(rule="known_later", column=name, number=number, limit=limit, sentence=sentence)
