"""Words of one column: those written in several ways, and sets of words that seem complete."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

_MOST_ALLOWED = 20
_FEWEST_ROWS = 500
_FEWEST_OF_A_WORD = 5


@dataclass(frozen=True)
class Variants:
    """How many words come in several forms, and what makes them one."""

    words: int
    case: Literal["lower"] | None


def variants_of(words: "pd.Series[str]") -> Variants | None:
    """None where each word is written in one way, without blanks around it."""
    forms = pd.Series(words.dropna().unique(), dtype="str")
    stripped = forms.str.strip()
    lower = stripped.str.lower()
    by_case = int((stripped.drop_duplicates().str.lower().value_counts() > 1).sum())
    blanks = int(lower[forms != stripped].nunique())
    if by_case:
        return Variants(int((lower.value_counts() > 1).sum()), "lower")
    return Variants(blanks, None) if blanks else None


def normal(words: "pd.Series[str]", variants: Variants | None) -> "pd.Series[str]":
    """The words as `NormaliseWords` will leave them."""
    if variants is None:
        return words
    stripped = words.str.strip()
    return stripped.str.lower() if variants.case else stripped


def allowed_words(words: "pd.Series[str]", nights: np.ndarray) -> tuple[str, ...]:
    """All words, in order, where they are few and none is new or rare; else nothing.

    New is a word that the first half of the nights does not have.
    """
    known = words.dropna()
    counts = known.value_counts()
    if len(known) < _FEWEST_ROWS or not 2 <= len(counts) <= _MOST_ALLOWED:
        return ()
    if counts.min() < _FEWEST_OF_A_WORD:
        return ()
    early = nights <= np.sort(nights)[len(nights) // 2]
    if set(words[early].dropna()) != set(counts.index):
        return ()
    return tuple(sorted(map(str, counts.index)))
