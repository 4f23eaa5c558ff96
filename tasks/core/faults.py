"""Data faults: shares of a night that no reference night came near. One night is enough.

What a fault leads to is `tasks.core.policy`; slow changes of a distribution are `tasks.core.drift`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.monitoring import ColumnReference, DriftReference, Fault
from tasks.core.histograms import Codes, Floats, as_floats, as_texts

# Quantiles of the reference between which values are ordinary; half their width is added outside.
ORDINARY = (0.001, 0.999)
# A fault is never about one or two rows.
MIN_ROWS = 3


def ordinary_range(values: Floats) -> tuple[float, float]:
    """Low and high limit of ordinary values: [q.001 - w/2, q.999 + w/2], w = q.999 - q.001."""
    low, high = np.quantile(values, ORDINARY, method="inverted_cdf")
    return float(low - (high - low) / 2), float(high + (high - low) / 2)


def worst_share(flags: npt.NDArray[np.bool_], nights: Codes) -> float:
    """The largest share of flagged values on any night; `nights` numbers each value's night."""
    if not len(flags):
        return 0.0
    rows = np.bincount(nights)
    flagged = np.bincount(nights[flags], minlength=len(rows))
    return float((flagged / np.maximum(rows, 1)).max())


def worst_alone(by_night: Floats) -> float:
    """The largest share of a night's values in categories that no other night has.

    `by_night` are counts of shape (nights, categories).
    """
    alone = np.where(by_night == by_night.sum(0), by_night, 0).sum(1)
    return float((alone / np.maximum(by_night.sum(1), 1)).max())


def night_faults(
    reference: DriftReference, night: pd.DataFrame, slack: float = 0.15
) -> tuple[Fault, ...]:
    """The faults of a night's columns, in the reference's order (decisions: faults).

    A share is a fault when it exceeds that of the worst reference night by `slack`, and by at
    least 3 rows: share > worst + max(slack, 3 / rows). Nulls are a share of the rows; values
    outside the ordinary range and unseen categories are shares of the column's non-null values.
    An insufficient reference finds none.
    """
    return tuple(
        fault
        for column in reference.columns
        for fault in column_faults(column, night[column.column], slack)
    )


def label_faults(
    reference: DriftReference, labels: "pd.Series[Any]", slack: float = 0.15
) -> tuple[Fault, ...]:
    """The same for the labels of a matured night; flipped labels show in the quality alarm."""
    if reference.label is None:
        return ()
    found = column_faults(reference.label, labels, slack)
    return tuple(Fault.model_validate({**f.model_dump(), "kind": f"label {f.kind}"}) for f in found)


def column_faults(
    column: ColumnReference, values: "pd.Series[Any]", slack: float
) -> tuple[Fault, ...]:
    """The faults of one column of a night of at least one row."""
    known = values.dropna()
    shares = {
        "nulls": (len(values) - len(known), len(values), column.worst_nulls),
        "outside": (_outside(column, known), len(known), column.worst_outside),
        "unseen": (_unseen(column, known), len(known), column.worst_unseen),
    }
    found = []
    for kind, (flagged, rows, worst) in shares.items():
        limit = worst + max(slack, MIN_ROWS / max(rows, 1))
        if flagged > limit * rows:
            fault = {"kind": kind, "share": flagged / rows, "limit": limit}
            found.append(Fault.model_validate({"column": column.column, **fault}))
    return tuple(found)


def _outside(column: ColumnReference, known: "pd.Series[Any]") -> int:
    if column.low is None or column.high is None:
        return 0
    values = as_floats(known)
    return int(((values < column.low) | (values > column.high)).sum())


def _unseen(column: ColumnReference, known: "pd.Series[Any]") -> int:
    if column.kind == "number":
        return 0
    return int((~as_texts(known).isin(column.categories)).sum())
