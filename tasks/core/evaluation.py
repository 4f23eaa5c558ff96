"""A challenger and its rival on the gate nights: every metric with its errors, and by slice. Pure.

The metrics are `tasks.core.left_out`, limits `tasks.core.jackknife`; what passes is decided in
`tasks.gates`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.costs import Costs
from schemas.evaluation import CalibrationBin, Compared, Evaluation, Measure, Slice, Spread
from schemas.project import Task
from schemas.quantiles import LEVELS
from tasks.core.jackknife import MIN_UNITS, jackknife_error, mean_error
from tasks.core.left_out import (
    MEANS,
    METRICS,
    Values,
    as_gain,
    best_of,
    bins_of,
    values_left_out,
)
from tasks.core.left_out_classes import confusion
from tasks.core.left_out_costs import capacity_left_out, costs_left_out
from tasks.core.scores import summarise_scores

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

WORDS = 10
"""Most frequent words of a column that are slices of their own."""
MISSING = "(missing)"
SLICE_METRICS: dict[Task, tuple[str, ...]] = {
    "binary": ("log_loss", "auc", "precision", "recall"),
    "multiclass": ("log_loss", "accuracy", "macro_f1"),
    "regression": ("rmse", "mae", "bias"),
    "count": ("deviance", "rmse", "mae", "bias"),
    **dict.fromkeys(LEVELS, ("pinball", "coverage")),
}
"""The first is what a slice's harm is told by."""
_LONGEST = 80
_ENDS = ("lower", "higher")
"""Where a gain in a mean is a mean itself."""


@dataclass(frozen=True, eq=False)
class Judged:
    """Rows of the gate nights: labels, both models' scores, and the number of each row's night.

    `groups` numbers its bundle of held-out groups, `words` holds the columns to slice by.
    """

    target: Floats
    challenger: Floats
    nights: Indices
    rival: Floats | None = None
    groups: Indices | None = None
    words: Mapping[str, "pd.Series[Any]"] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    costs: Costs | None = None
    capacity: int | None = None

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Judged":
        """Some of the rows, without words."""
        return replace(
            self,
            target=self.target[chosen],
            challenger=self.challenger[chosen],
            nights=self.nights[chosen],
            rival=None if self.rival is None else self.rival[chosen],
            groups=None if self.groups is None else self.groups[chosen],
            words={},
        )


def evaluate(task: Task, judged: Judged, threshold: float) -> Evaluation:
    """The evaluation of at least one row. What does not exist is left out and said."""
    metrics = _compare(task, judged, threshold)
    slices = tuple(_slices(task, judged, threshold))
    is_binary = task == "binary"
    return Evaluation(
        rows=len(judged.target),
        nights=len(np.unique(judged.nights)),
        threshold=threshold if is_binary else None,
        metrics=metrics,
        scores=summarise_scores(task, judged.target, judged.challenger, judged.rival),
        calibration=tuple(_calibration(judged)) if is_binary else (),
        slices=slices,
        notes=(*_unknown_classes(judged), *_notes(task, metrics, slices)),
        classes=judged.classes,
        costs=judged.costs,
        capacity=judged.capacity,
        confusion=confusion(judged.target, judged.challenger) if judged.classes else (),
    )


def _compare(task: Task, judged: Judged, threshold: float) -> tuple[Compared, ...]:
    """Each metric that exists, of both models, and the gain."""
    over = [("nights", judged.nights)]
    if judged.groups is not None:
        over.append(("groups", judged.groups))
    units = [(name, *_numbered(numbers)) for name, numbers in over]
    found: list[list[Values]] = [
        [_values(task, judged, scores, numbers, threshold) for _, numbers, _ in units]
        for scores in (judged.challenger, judged.rival)
        if scores is not None
    ]
    sizes = [(name, rows) for name, _, rows in units]
    return tuple(_compared(task, name, found, sizes) for name in found[0][0] if _is(found[0], name))


def _values(task: Task, judged: Judged, scores: Floats, units: Indices, threshold: float) -> Values:
    target = judged.target
    found = values_left_out(task, target, scores, units, threshold, judged.classes)
    if judged.costs:
        found |= costs_left_out(target, scores, units, threshold, judged.costs)
    if judged.capacity:
        found |= capacity_left_out(target, scores, judged.nights, units, judged.capacity)
    return found


def _compared(
    task: Task, name: str, found: list[list[Values]], sizes: Sequence[tuple[str, Floats]]
) -> Compared:
    mine = [values[name] for values in found[0]]
    if len(found) == 1 or not _is(found[1], name):
        return Compared(metric=name, challenger=_measure(mine, sizes, is_mean=name in MEANS))
    theirs = [values[name] for values in found[1]]
    gains = [as_gain(name, task, *pair) for pair in zip(mine, theirs, strict=True)]
    is_mean = name in MEANS
    return Compared(
        metric=name,
        challenger=_measure(mine, sizes, is_mean=is_mean),
        rival=_measure(theirs, sizes, is_mean=is_mean),
        gain=_measure(gains, sizes, is_mean=is_mean and best_of(task, name) in _ENDS),
    )


def _measure(
    values: Sequence[Floats], sizes: Sequence[tuple[str, Floats]], *, is_mean: bool
) -> Measure:
    spreads = []
    for one, (over, rows) in zip(values, sizes, strict=True):
        error = mean_error(one, rows) if is_mean else jackknife_error(one)
        if error is not None:
            spreads.append(
                Spread.model_validate({"over": over, "units": len(rows), "error": error})
            )
    # an interval over nights alone would overstate what few groups tell
    return Measure(value=values[0][0], spreads=tuple(spreads) if len(spreads) == len(sizes) else ())


def _numbered(units: Indices) -> tuple[Indices, Floats]:
    """Each row's unit, numbered without a gap, and the rows of each."""
    _, numbers, rows = np.unique(units, return_inverse=True, return_counts=True)
    return np.asarray(numbers, dtype=np.intp), rows.astype(np.float64)


def _is(found: Sequence[Values], name: str) -> bool:
    return bool(np.isfinite(found[0][name][0]))


def _calibration(judged: Judged) -> Iterator[CalibrationBin]:
    bins = bins_of(judged.challenger)
    for number in range(int(bins.max()) + 1):
        inside = bins == number
        target, (nights, rows) = judged.target[inside], _numbered(judged.nights[inside])
        positives = np.asarray(np.bincount(nights, target), dtype=np.float64)
        shares = np.append(target.mean(), _without(positives, rows))
        yield CalibrationBin(
            rows=len(target),
            predicted=float(judged.challenger[inside].mean()),
            observed=float(target.mean()),
            error=mean_error(shares, rows),
        )


def _without(sums: Floats, rows: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((sums.sum() - sums) / (rows.sum() - rows))


def _slices(task: Task, judged: Judged, threshold: float) -> Iterator[Slice]:
    for column, words in judged.words.items():
        numbers, different = pd.factorize(words)
        names = [*map(str, different), MISSING]
        numbers = numbers % len(names)  # rows without a word had -1
        rows = np.bincount(numbers, minlength=len(names))
        places = sorted(np.flatnonzero(rows), key=lambda n: (-rows[n], names[n]))[:WORDS]
        for place in places:
            chosen = judged.where(numbers == place)
            yield _slice(task, column, _shown(names[place]), chosen, threshold)
        others = ~np.isin(numbers, places)
        if others.any():
            yield _slice(task, column, None, judged.where(others), threshold)


def _shown(word: str) -> str:
    """One line of printable letters: words come from data and are told in messages."""
    letters = (letter if letter.isprintable() else " " for letter in word[: 2 * _LONGEST])
    return " ".join("".join(letters).split())[:_LONGEST]


def _slice(task: Task, column: str, word: str | None, judged: Judged, threshold: float) -> Slice:
    metrics = _compare(task, judged, threshold)
    return Slice(
        column=column,
        word=word,
        rows=len(judged.target),
        nights=len(np.unique(judged.nights)),
        metrics=tuple(one for one in metrics if one.metric in SLICE_METRICS[task]),
    )


def _unknown_classes(judged: Judged) -> Iterator[str]:
    """Classes of rows that the challenger gives no chance: training did not know them."""
    for code, name in enumerate(judged.classes):
        rows = int((judged.target == code).sum())
        if rows and not judged.challenger[:, code].any():
            yield f"training had no row of class {name}, which {rows:,} rows here are"


def _notes(task: Task, metrics: Sequence[Compared], slices: Sequence[Slice]) -> Iterator[str]:
    there = {one.metric for one in metrics}
    if absent := [_plain(name) for name in METRICS[task] if name not in there]:
        why = "no row of that class, or none said to be" if task == "binary" else "not finite"
        why = "one class alone" if task == "multiclass" else why
        yield f"not computed, for want of rows ({why}): {', '.join(absent)}"
    if wide := [_plain(one.metric) for one in metrics if not one.challenger.spreads]:
        yield (
            f"no interval, for want of {MIN_UNITS} nights that each could be left out: "
            + ", ".join(wide)
        )
    for column in dict.fromkeys(one.column for one in slices):
        there_are = [one for one in slices if one.column == column]
        thin = sum(one.nights < MIN_UNITS for one in there_are)
        if thin:
            yield f"{thin} of {len(there_are)} slices of {column} have under {MIN_UNITS} nights"


def _plain(name: str) -> str:
    return name.replace("_", " ").replace(":", " of ")
