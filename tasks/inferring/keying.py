"""Which columns name one row of a night: an id, the time, or the time with something beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from tasks.inferring.guess import Answer
from tasks.inferring.kinds import Seen
from tasks.inferring.ranges import words_of

_IDS = frozenset(
    ("id", "ids", "uuid", "guid", "key", "nr", "no", "number", "code", "ref", "reference")
)
_NEARLY = 0.95  # share of rows of their own that an id may fall short of
_ALL_BUT = 0.99  # likewise of several columns
_COUNTS = 0.99  # rank correlation with the order in time
_LONGEST = 64
_LOOKED_AT = 12
_MOST_BESIDE = 3
_FEW_ROWS = 5_000
_NAMED = 3
_NIGHT = "\0night"  # no delivered name holds a NUL


def is_named_id(name: str) -> bool:
    """Whether the name says that the column names something."""
    return bool(words_of(name)) and words_of(name)[-1] in _IDS - {"code", "number", "no"}


@dataclass(frozen=True)
class Repeats:
    """Rows that share their key with another row of their night, equal rows as one."""

    rows: int
    of: int
    examples: tuple[str, ...]
    """Keys that they share."""


def find_repeats(frame: pd.DataFrame, nights: np.ndarray, columns: Sequence[str]) -> Repeats:
    """The rows that these columns do not tell apart."""
    rows = _Rows.of(frame, nights)
    shared = rows.frame.loc[rows.is_shared(columns), list(columns)].astype("str")
    keys = shared.agg("|".join, axis=1) if len(shared) else pd.Series(dtype="str")
    return Repeats(len(shared), len(rows.frame), tuple(keys.drop_duplicates()[:_NAMED]))


def guess_key(
    frame: pd.DataFrame, others: Sequence[Seen], nights: np.ndarray, time: str
) -> tuple[tuple[str, ...], Answer]:
    """The key, out of these columns and the time, and how it was found.

    `frame` is on a RangeIndex, with values as delivered, in order of time.
    """
    rows = _Rows.of(frame, nights)
    ids = sorted((one for one in others if _may_be_id(one)), key=_rank)[:_LOOKED_AT]
    shares = {one.name: rows.own([one.name]) for one in ids}
    for one in ids:
        if shares[one.name] == 1 and one.distinct == len(one.values):
            return _told([one.name], 1.0, "each row has its own")
    meant = [one for one in ids if is_named_id(one.name) or numbers_rows(one)]
    for one in sorted(meant, key=lambda one: (not numbers_rows(one), -shares[one.name])):
        if shares[one.name] >= _NEARLY:
            return _told([one.name], shares[one.name], "each row of a night has its own")
    alike = [one for one in ids if one.kind == "word" and looks_like_id(one)]
    for one in sorted(alike, key=lambda one: -shares[one.name]):
        if shares[one.name] > _ALL_BUT:
            return _told([one.name], shares[one.name], "each row of a night has its own")
    share = rows.own([time])
    if share == 1:
        return _told([time], share, "no two rows of a night have the same time")
    few = rows.of_few_nights()
    for columns in _beside(time, others):
        if few.own(columns) >= _NEARLY and rows.own(columns) >= _ALL_BUT:
            alone = f"{time!a} alone is shared by {1 - share:.0%} of rows"
            return tuple(columns), Answer(",".join(columns), alone, is_sure=False)
    return _told([time], share, "")


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows that differ in anything, and the number of each one's night."""

    frame: pd.DataFrame
    nights: np.ndarray

    @classmethod
    def of(cls, frame: pd.DataFrame, nights: np.ndarray) -> "_Rows":
        rows = frame.drop_duplicates()
        return cls(rows, pd.factorize(nights)[0][rows.index])

    def own(self, columns: Sequence[str]) -> float:
        """Share of rows that are the only one of their night with these values."""
        whole = self.frame[list(columns)].notna().all(axis=1)
        return float((~self.is_shared(columns) & whole).mean())

    def is_shared(self, columns: Sequence[str]) -> "pd.Series[bool]":
        """Which rows have these values as another row of their night has them."""
        values = self.frame[list(columns)]
        return values.assign(**{_NIGHT: self.nights}).duplicated(keep=False)

    def of_few_nights(self) -> "_Rows":
        """The rows of the first nights, to leave most columns out of account quickly."""
        first = self.nights <= np.sort(self.nights)[:_FEW_ROWS][-1]
        return _Rows(self.frame[first], self.nights[first])


def _told(columns: Sequence[str], share: float, why: str) -> tuple[tuple[str, ...], Answer]:
    if share < 1:
        why = f"{1 - share:.2%} of the rows share theirs with another one of their night"
    return tuple(columns), Answer(",".join(columns), why, is_sure=len(columns) == 1 and share == 1)


def _may_be_id(one: Seen) -> bool:
    """Nearly each row has its own, over all nights: a customer who buys once a day is no key."""
    if one.kind not in ("word", "whole number") or one.nulls > 0:
        return False
    if one.distinct < _NEARLY * len(one.values):
        return False
    if one.kind == "word":
        return bool((one.values.str.len() <= _LONGEST).all())
    return bool(_IDS & set(words_of(one.name))) or numbers_rows(one)


def looks_like_id(one: Seen) -> bool:
    """Whether nearly each row has a word of its own, of one word: no remark, no address."""
    is_one_word = not one.values.str.contains(r"\s", na=False).any()
    return is_one_word and one.distinct > _ALL_BUT * len(one.values)


def numbers_rows(one: Seen) -> bool:
    """Whether a column of whole numbers, in order of time, counts rows."""
    known = one.values.dropna()
    if one.kind != "whole number" or len(known) < 3 or one.distinct < _NEARLY * len(known):
        return False
    if known.max() - known.min() < len(known) / _NEARLY:
        return True
    position = pd.Series(np.arange(len(known)), known.index)
    return float(known.corr(position, method="spearman")) >= _COUNTS


def _rank(one: Seen) -> tuple[int, int, str]:
    """Named like an id first, then by how many values it has."""
    words = words_of(one.name)
    named = 0 if is_named_id(one.name) else 1 if _IDS & set(words) else 2
    return named, -one.distinct, one.name


def _beside(time: str, others: Sequence[Seen]) -> Iterator[list[str]]:
    """The time with one, two or three more columns: ids and words with few values first."""
    fit = [one for one in others if one.kind in ("word", "whole number") and one.nulls == 0]
    varied = [one for one in fit if one.distinct > 1]
    ranked = sorted(varied, key=lambda one: (one.kind != "word", _rank(one)[0], one.distinct))
    names = [one.name for one in ranked[:_LOOKED_AT]]
    for size in range(1, _MOST_BESIDE + 1):
        for columns in combinations(names, size):
            yield [time, *columns]
