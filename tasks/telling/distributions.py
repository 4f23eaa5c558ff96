"""How tonight's values of a column lie beside the reference's, in shares that can be drawn.

The reference is the sample that is stored with the champion. No value of a sensitive column comes
here. Whether a column drifted was decided in `tasks.core.drift`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from schemas.batch import Batch
from schemas.model import Card
from schemas.night import Night
from tasks.core.histograms import Floats, as_floats, as_texts
from tasks.engine.frames import load_frame
from tasks.engine.records import newest
from tasks.store import Store, keys
from tasks.telling.nights import by_nearness

MOST_COLUMNS = 4
BINS = 16
MOST_GROUPS = 6
"""Categories, or different numbers, that are shown one by one; the others are one group."""
OTHERS = "all others"


@dataclass(frozen=True)
class Distribution:
    """Shares of one column, tonight and in the reference: of bins between `edges`, or of groups."""

    column: str
    now: tuple[float, ...]
    reference: tuple[float, ...]
    edges: tuple[float, ...] = ()
    groups: tuple[str, ...] = ()


def read_distributions(
    store: Store, night: Night, sensitive: frozenset[str]
) -> tuple[Distribution, ...]:
    """Columns that drifted, those furthest beyond their limits first, then those with a fault.

    Raises:
        Missing, Damaged: the night's rows or the champion's sample cannot be read.
    """
    noticed = _noticed(night)
    if not noticed or night.evidence.champion is None:
        return ()
    card = store.record(keys.card(night.project, night.evidence.champion), Card)
    sample = load_frame(store, card.reference_sample)
    known = set(sample.columns) - sensitive
    shown = [column for column in noticed if column in known][:MOST_COLUMNS]
    current = _rows_of(store, night, shown)
    found = (_compare(column, sample[column], current[column]) for column in shown)
    return tuple(one for one in found if one is not None)


def _noticed(night: Night) -> list[str]:
    """A fault of nulls shows in no value, so its column is not among them."""
    evidence = night.evidence
    drifted = [one.column for one in by_nearness(evidence.drift.columns) if one.drifted]
    faulty = [fault.column for fault in evidence.faults if fault.kind in ("outside", "unseen")]
    return list(dict.fromkeys([*drifted, *faulty]))


def _rows_of(store: Store, night: Night, columns: list[str]) -> pd.DataFrame:
    """Tonight's rows, after those of the thin nights that were judged together with it."""
    batches = [store.record(night.batch, Batch)] if night.batch else []
    for earlier in night.evidence.drift.pooled:
        found = newest(store, Batch, night.project, earlier)
        batches += [found[1]] if found else []
    frames = [load_frame(store, batch.rows, columns) for batch in batches if batch.rows]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _compare(
    column: str, reference: "pd.Series[Any]", now: "pd.Series[Any]"
) -> Distribution | None:
    """None where either side has no value."""
    reference, now = reference.dropna(), now.dropna()
    if reference.empty or now.empty:
        return None
    are_numbers = all(map(pd.api.types.is_numeric_dtype, (reference, now)))
    if are_numbers and not _is_discrete(reference, now):
        return _compare_numbers(column, as_floats(reference), as_floats(now))
    return _compare_groups(column, as_texts(reference), as_texts(now))


def _is_discrete(reference: "pd.Series[Any]", now: "pd.Series[Any]") -> bool:
    return len(pd.concat([reference, now]).unique()) <= MOST_GROUPS


def _compare_groups(
    column: str, reference: "pd.Series[str]", now: "pd.Series[str]"
) -> Distribution:
    """The groups whose shares differ most, the most common first."""
    shares = pd.DataFrame(
        {name: side.value_counts(normalize=True) for name, side in _sides(reference, now)}
    ).fillna(0.0)
    gap = (shares["now"] - shares["reference"]).abs()
    shown = list(gap.sort_values(ascending=False, kind="stable").index[:MOST_GROUPS])
    rest = shares.drop(index=shown).sum()
    ordered = shares.loc[shown].sort_values("reference", ascending=False, kind="stable")
    more = len(shares) > len(shown)
    return Distribution(
        column,
        now=(*map(float, ordered["now"]), *([float(rest["now"])] if more else [])),
        reference=(
            *map(float, ordered["reference"]),
            *([float(rest["reference"])] if more else []),
        ),
        groups=(*map(str, ordered.index), *([OTHERS] if more else [])),
    )


def _sides(
    reference: "pd.Series[str]", now: "pd.Series[str]"
) -> tuple[tuple[str, "pd.Series[str]"], ...]:
    return ("now", now), ("reference", reference)


def _compare_numbers(column: str, reference: Floats, now: Floats) -> Distribution:
    """Bins of equal width over the middle 98 % of both sides; what lies beyond is in the ends."""
    ends = [np.quantile(side, (0.01, 0.99)) for side in (reference, now)]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    edges = np.linspace(low, high, BINS + 1)
    return Distribution(
        column,
        now=_shares(now, edges),
        reference=_shares(reference, edges),
        edges=tuple(map(float, edges)),
    )


def _shares(values: Floats, edges: Floats) -> tuple[float, ...]:
    bins = np.searchsorted(edges[1:-1], values, side="right")
    counts = np.bincount(bins, minlength=len(edges) - 1)
    return tuple(map(float, counts / len(values)))
