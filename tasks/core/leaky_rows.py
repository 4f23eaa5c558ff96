"""Signs that rows can be recognised: ids among the features, gate rows that training had. Pure.

What features tell of the label is `tasks.core.leaks`.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.examination import LeakAlarm
from schemas.project import Matrix
from tasks.core.leaks import MIN_MINORITY, MIN_ROWS, Floats, Part, rank_correlation

ID_SHARE = 0.9
GROWING = 0.99
DUPLICATED = 0.01
SAME_LABEL = 0.9


def id_like(
    training: Part, times: Floats, words: Mapping[str, "pd.Series[str]"]
) -> Iterator[LeakAlarm]:
    """Words of which nearly every row has its own, and numbers that only grow (or fall)."""
    for name, column in words.items():
        share = _distinct(column.dropna())
        if share >= ID_SHARE:
            yield _id_alarm(name, share, f"{share:.0%} of rows have a word of their own")
    for position, (name, kind) in enumerate(
        zip(training.features.names, training.features.kinds, strict=True)
    ):
        values = training.column(position)
        known = ~np.isnan(values)
        share = _distinct(pd.Series(values[known])) if kind == "number" else 0.0
        if share >= ID_SHARE:
            grows = abs(rank_correlation(values[known], times[known]))
            if grows >= GROWING:
                text = f"it numbers rows in their order (rank correlation with time {grows:.3f})"
                yield _id_alarm(name, share, text)


def duplicates(training: Part, gate: Part, groups: str | None = None) -> Iterator[LeakAlarm]:
    """Gate rows with all features of a training row, whose labels agree as those of copies do.

    `groups` is the column whose held-out groups are apart already.
    """
    mean = pd.Series(training.target).groupby(_hashes(training.features)).mean()
    twin = mean.reindex(_hashes(gate.features)).to_numpy()
    found = ~np.isnan(twin)
    share = float(found.mean())
    if share < DUPLICATED or found.sum() < MIN_MINORITY:
        return
    own = gate.target[found]
    spread = float(((own - training.target.mean()) ** 2).sum())
    agreement = 1 - float(((own - twin[found]) ** 2).sum()) / spread if spread else 0.0
    if agreement >= SAME_LABEL:
        yield LeakAlarm(
            rule="duplicates",
            column="all features",
            number=share,
            limit=DUPLICATED,
            sentence=f"{share:.1%} of gate rows are equal to a training row, limit "
            f"{DUPLICATED:.0%}, and its label explains {agreement:.0%} of theirs; {_apart(groups)}",
        )


def _apart(groups: str | None) -> str:
    if groups is None:
        return "where the rows of one customer or device are alike, groups= judges on others"
    return f"although {groups} is apart: they come back under another {groups}"


def _distinct(values: "pd.Series[str] | pd.Series[float]") -> float:
    return values.nunique() / len(values) if len(values) >= MIN_ROWS else 0.0


def _id_alarm(name: str, share: float, how: str) -> LeakAlarm:
    text = f"{how}, limit {ID_SHARE:.0%} distinct: what a model learns of it never comes again"
    return LeakAlarm(rule="id_like", column=name, number=share, limit=ID_SHARE, sentence=text)


def _hashes(features: Matrix) -> npt.NDArray[np.uint64]:
    same = np.where(np.isnan(features.values), np.float32(np.nan), features.values + 0.0)
    hashes = pd.util.hash_pandas_object(pd.DataFrame(same), index=False)
    return np.asarray(hashes, dtype=np.uint64)
