"""Signs that features hold what is known only with the label, on training and gate rows. Pure.

Each limit's false alarms are in docs/features.md. Rows that can be recognised are
`tasks.core.leaky_rows`, what stored batches tell is `tasks.core.known_later`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.examination import LeakAlarm
from schemas.project import Matrix, Task
from schemas.quantiles import LEVELS
from tasks.core.paired_nights import PairedNights

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MIN_ROWS = 50
MIN_MINORITY = 10  # rows beside the most frequent value
ALONE: dict[Task, float] = {
    "binary": 0.965,
    "multiclass": 0.965,
    "regression": 0.93,
    "count": 0.93,
    **dict.fromkeys(LEVELS, 0.93),
}
EXPLAINED = 0.5
MIN_NIGHTS = 5

_BINS = 20
_SMOOTHING = 20


@dataclass(frozen=True, eq=False)
class Part:
    """One side of the split. `nights` numbers each row's night; rows of a night lie together."""

    features: Matrix
    target: Floats
    nights: npt.NDArray[np.intp]

    def column(self, position: int) -> Floats:
        """One feature."""
        return self.features.values[:, position].astype(np.float64)


def one_feature_scores(task: Task, training: Part, gate: Part) -> Floats:
    """How well each feature alone ranks rows: AUC, or rank correlation.

    As it is, or through the training target's mean in its bins: the better of both. On training
    and on gate rows: the worse of both, since an honest feature can shine on a few nights.
    """
    if task == "multiclass":
        return _over_classes(training, gate)
    return np.minimum(
        _scores_on(task, training, training),
        _scores_on(task, training, gate),
    )


def _over_classes(training: Part, gate: Part) -> Floats:
    """The mean over classes of how well each is told from the rest; of those with enough rows."""
    alone = [
        one_feature_scores("binary", _is_class(training, code), _is_class(gate, code))
        for code in np.unique(training.target)
    ]
    return np.asarray(np.mean(alone, axis=0))


def _is_class(part: Part, code: float) -> Part:
    return Part(part.features, (part.target == code).astype(np.float64), part.nights)


def by_class(task: Task, part: Part) -> Iterator[Part]:
    """The part with each class against the rest as its labels; of other tasks the part alone."""
    if task != "multiclass":
        yield part
        return
    yield from (_is_class(part, code) for code in np.unique(part.target))


def rank_model(task: Task, target: Floats, predicted: Floats) -> float:
    """How well predictions rank rows: AUC, of classes the mean of each against the rest, ..."""
    if task != "multiclass":
        return float(rank_scores(task, target, predicted[:, np.newaxis])[0])
    codes = np.unique(target).astype(np.intp)
    alone = [rank_scores("binary", target == code, predicted[:, [code]]) for code in codes]
    return float(np.mean(alone))


def single_features(
    task: Task, training: Part, scores: Floats, model: float
) -> Iterator[LeakAlarm]:
    """Features that alone rank rows better than an honest one does. `model` is for comparison.

    Being as good as the whole model is no sign: on real data the best honest feature often is.
    """
    limit, what = ALONE[task], "AUC" if task in {"binary", "multiclass"} else "rank correlation"
    for name, score in zip(training.features.names, scores, strict=True):
        if score >= limit:
            yield LeakAlarm(
                rule="single_feature",
                column=name,
                number=float(score),
                limit=limit,
                sentence=f"alone it ranks rows with {what} {score:.3f}, limit {limit:g} (the whole "
                f"model, on unseen nights: {model:.3f}); is it known before the label?",
            )


def copies_of_target(training: Part) -> Iterator[LeakAlarm]:
    """Features that are the target, or that follow from it or it from them without a break."""
    for position, (name, kind) in enumerate(
        zip(training.features.names, training.features.kinds, strict=True)
    ):
        values = training.column(position)
        known = ~np.isnan(values)
        rows = int(known.sum())
        if rows < max(MIN_ROWS, len(values) / 2):
            continue
        if _is_copy(kind, values[known], training.target[known]):
            yield LeakAlarm(
                rule="copy_of_target",
                column=name,
                number=1.0,
                limit=1.0,
                sentence=f"it and the target follow from each other on all of {rows:,} rows",
            )


def missingness(
    training: Part, gaps: Mapping[str, Flags], *, confidence: float = 0.99
) -> Iterator[LeakAlarm]:
    """Columns whose gaps tell the label: compared with the other rows of the same nights.

    The number is the share of the labels' spread among rows with a gap that the gap explains; the
    difference it is made of is the lower limit of Student's t over nights.
    """
    for name, is_gap in gaps.items():
        told = _gap_tells(training, is_gap, confidence)
        if told is not None and told[0] >= EXPLAINED:
            share, rows, nights = told
            yield LeakAlarm(
                rule="missingness",
                column=name,
                number=share,
                limit=EXPLAINED,
                sentence=f"where it is missing ({rows:,} rows of {nights} nights), that alone "
                f"explains {share:.0%} of the labels, limit {EXPLAINED:.0%}",
            )


def rank_scores(task: Task, target: Floats, values: Floats) -> Floats:
    """AUC, or rank correlation, of each column; that of chance where there is none."""
    ranks = pd.DataFrame(values).rank(na_option="top").to_numpy(np.float64)
    if task not in {"binary", "multiclass"}:
        ordered = pd.Series(target).rank().to_numpy(np.float64)
        along = (ordered - ordered.mean()) @ (ranks - ranks.mean(axis=0))
        spread = len(target) * ordered.std() * ranks.std(axis=0)
        return np.asarray(np.divide(along, spread, out=np.zeros(len(along)), where=spread > 0))
    is_one = target == 1
    if is_one.all() or not is_one.any():
        return np.full(ranks.shape[1], 0.5)
    apart = ranks[is_one].mean(axis=0) - ranks[~is_one].mean(axis=0)
    return np.asarray(0.5 + apart / len(target))


def rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's; 0 where either is constant."""
    left, right = pd.Series(one).rank(), pd.Series(other).rank()
    if left.nunique() < 2 or right.nunique() < 2:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])


def _scores_on(task: Task, training: Part, part: Part) -> Floats:
    """Each feature on the rows of one part: as it is, mirrored, or by its bins' means."""
    kinds = training.features.kinds
    means = [
        _means(kind, training.column(position), training.target, part.column(position))
        for position, kind in enumerate(kinds)
    ]
    binned = rank_scores(task, part.target, np.column_stack(means))
    alone = rank_scores(task, part.target, part.features.values)
    either = np.maximum(alone, 1 - alone if task == "binary" else -alone)
    return np.where(np.array(kinds) == "category", binned, np.maximum(binned, either))


def _means(kind: str, known: Floats, target: Floats, values: Floats) -> Floats:
    """The training target's smoothed mean in the bin, or of the category, of each value."""
    edges = np.empty(0)
    if kind == "number" and not np.isnan(known).all():
        marks = np.arange(1, _BINS) / _BINS
        edges = np.unique(np.nanquantile(known, marks, method="inverted_cdf"))

    def place(some: Floats) -> npt.NDArray[np.intp]:
        at = np.searchsorted(edges, some, side="right") if kind == "number" else some
        return np.where(np.isnan(some), 0, at + 1).astype(np.intp)

    trained, asked = place(known), place(values)
    groups = int(max(trained.max(initial=0), asked.max(initial=0))) + 1
    sums = np.bincount(trained, target, groups) + _SMOOTHING * target.mean()
    means: Floats = sums / (np.bincount(trained, None, groups) + _SMOOTHING)
    return means[asked]


def _is_copy(kind: str, values: Floats, target: Floats) -> bool:
    if min(_minority(values), _minority(target)) < MIN_MINORITY:
        return False
    if kind == "category":
        pairs = len(pd.DataFrame({"value": values, "target": target}).drop_duplicates())
        return pairs == len(np.unique(values)) == len(np.unique(target))
    return _follows(values, target) or _follows(target, values)


def _follows(values: Floats, other: Floats) -> bool:
    """Whether `other` is a function of `values` that only rises, or only falls."""
    order = np.lexsort((other, values))
    steps, same = np.diff(other[order]), np.diff(values[order]) == 0
    is_function = not steps[same].any()
    return is_function and bool((steps >= 0).all() or (steps <= 0).all())


def _minority(values: Floats) -> int:
    _, counts = np.unique(values, return_counts=True)
    return len(values) - int(counts.max(initial=0))


def _gap_tells(training: Part, is_gap: Flags, confidence: float) -> tuple[float, int, int] | None:
    """Share explained, rows with a gap, their nights; None where they are too few to tell."""
    size = int(training.nights.max(initial=-1)) + 1
    gaps, others = (np.bincount(training.nights[at], None, size) for at in (is_gap, ~is_gap))
    both = (gaps > 0) & (others > 0)  # a night without any value says nothing of its rows
    at = is_gap & both[training.nights]
    rows, nights = int(at.sum()), int(both.sum())
    if rows < MIN_MINORITY or nights < MIN_NIGHTS:
        return None
    sums, rest = (np.bincount(training.nights[g], training.target[g], size) for g in (at, ~is_gap))
    usual = gaps[both] * rest[both] / others[both]
    paired = PairedNights(gaps[both].astype(np.float64), usual, np.asarray(sums[both]))
    apart = max(paired.lower(confidence), -paired.upper(confidence), 0.0)
    spread = float(training.target[at].var())
    share = apart**2 / (apart**2 + spread) if apart else 0.0
    return share, rows, nights
