"""Words as how often training had them. Words as codes are `tasks.features.categories`."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State
from tasks.features.categories import look_up
from tasks.features.numbers import to_float32


class Frequencies(FeatureStep):
    """`<name>_share`: the share of training rows with this word, 0 for an unseen one.

    For columns of many words where rare and common ones behave differently. Words that are equally
    frequent look alike: where it matters which word it is, use `Categories` or `TargetMeans`. One
    number a word is kept, so not for a column that has nearly as many words as rows.
    """

    columns: tuple[str, ...] = Field(min_length=1)

    def reads(self) -> frozenset[str]:
        """Its columns."""
        return frozenset(self.columns)

    def fit(self, frame: pd.DataFrame) -> State:
        """The share of each word, by column."""
        return {name: self._shares(frame[name]) for name in self.columns}

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """One column each; nulls stay null."""
        made = np.empty((len(frame), len(self.columns)))
        for at, name in enumerate(self.columns):
            made[:, at] = look_up(frame[name], state[name], 0.0)
        names = tuple(f"{name}_share" for name in self.columns)
        return Matrix(names, tuple("number" for _ in names), to_float32(made))

    def known_words(self, state: State) -> Mapping[str, Collection[str]]:
        """The words that have a share."""
        return {name: state[name] for name in self.columns}

    def _shares(self, values: "pd.Series[str]") -> dict[str, float]:
        rows = values.value_counts()
        return {str(word): int(count) / len(values) for word, count in sorted(rows.items())}
