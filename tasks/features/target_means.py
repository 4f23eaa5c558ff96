"""Words as the target's mean on other nights. As codes: `tasks.features.categories`."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from pydantic import Field

from schemas.project import FeatureStep, Matrix, State
from schemas.zone import Zone
from tasks.core.local_time import local_days
from tasks.features.categories import look_up
from tasks.features.numbers import read_numbers, to_float32


class TargetMeans(FeatureStep):
    """`<name>_mean_<target>`: the target's mean among training rows with this word, smoothed.

    No row sees its own label, nor any of its night: training nights are dealt to folds in turn. A
    row of a training night gets the mean without its fold, any other row the mean of all. As the
    night alone says which, a row has one value, whether it is trained on or scored.

    For columns of many words, above all with a short history. Not for a few words: `Categories`
    loses nothing. Where labels drift, these means lag behind. Costs `folds` + 1 numbers a word in
    the model's files, and these tell of labels: not for words that name a person.
    """

    columns: tuple[str, ...] = Field(min_length=1)
    target: str = Field(min_length=1, description="the project's target, or another number")
    zone: Zone = Field(description="IANA name of the zone in which nights are counted")
    column: str = Field(default="event_time", description="the time that tells a row's night")
    folds: int = Field(default=5, ge=2)
    smoothing: float = Field(
        default=20, gt=0, allow_inf_nan=False, description="rows that the mean of all words weighs"
    )

    def reads(self) -> frozenset[str]:
        """Its columns, the target, and the column of times."""
        return frozenset((*self.columns, self.target, self.column))

    def fit(self, frame: pd.DataFrame) -> State:
        """The training nights, and each word's means: of all nights, then without each fold."""
        target = read_numbers(frame, (self.target,))[:, 0]
        days = local_days(frame[self.column], self.zone)
        learned = np.flatnonzero(~np.isnan(target) & ~np.isnat(days))
        # added up in order of value: the sums do not depend on the order of rows
        learned = learned[np.argsort(target[learned])]
        rows, target = frame.iloc[learned], target[learned]
        nights, night = np.unique(days[learned], return_inverse=True)
        folds = night % self.folds
        sums, counts = self._add_up(np.zeros(len(rows), dtype=int), 1, folds, target)
        usual = np.full(sums.shape, np.nan)
        np.divide(sums, counts, out=usual, where=counts > 0)
        return {
            "nights": [str(day) for day in nights],
            "unseen": _plain(usual[0]),
            "means": {name: self._means(rows[name], folds, target, usual) for name in self.columns},
        }

    def transform(self, frame: pd.DataFrame, state: State) -> Matrix:
        """One column each; nulls stay null, an unseen word has the mean of all words."""
        nights = np.array(state["nights"], dtype="datetime64[D]")
        at = pd.Index(nights).get_indexer(pd.Index(local_days(frame[self.column], self.zone)))
        fold = np.where(at < 0, 0, 1 + at % self.folds)
        made = np.empty((len(frame), len(self.columns)))
        for position, name in enumerate(self.columns):
            means = look_up(frame[name], state["means"][name], state["unseen"])
            made[:, position] = means[np.arange(len(frame)), fold]
        names = tuple(f"{name}_mean_{self.target}" for name in self.columns)
        return Matrix(names, tuple("number" for _ in names), to_float32(made))

    def known_words(self, state: State) -> Mapping[str, Collection[str]]:
        """The words that have a mean."""
        return {name: state["means"][name] for name in self.columns}

    def _means(
        self, words: "pd.Series[str]", folds: np.ndarray, target: np.ndarray, usual: np.ndarray
    ) -> dict[str, list[float | None]]:
        codes, known = pd.factorize(words, sort=True)
        there = codes >= 0
        sums, counts = self._add_up(codes[there], len(known), folds[there], target[there])
        means = (sums + self.smoothing * usual) / (counts + self.smoothing)
        return {str(word): _plain(row) for word, row in zip(known, means, strict=True)}

    def _add_up(
        self, groups: np.ndarray, number: int, folds: np.ndarray, target: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Sum and count of the target in each group: of all rows, then without each fold."""
        cells, size = groups * self.folds + folds, number * self.folds
        return (
            _without_each(np.bincount(cells, target, size).reshape(number, self.folds)),
            _without_each(np.bincount(cells, None, size).reshape(number, self.folds)),
        )


def _without_each(parts: np.ndarray) -> np.ndarray:
    """Added up, not taken away: a difference would still hold a trace of the fold left out."""
    rest = [np.delete(parts, fold, axis=1).sum(axis=1) for fold in range(parts.shape[1])]
    return np.stack([parts.sum(axis=1), *rest], axis=1)


def _plain(means: np.ndarray) -> list[float | None]:
    return [None if np.isnan(mean) else float(mean) for mean in means]
