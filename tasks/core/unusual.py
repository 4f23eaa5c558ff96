"""Expectations across nights: what a delivery has that the nights before it never had.

Each looks at records alone, never at rows of other nights. Shares of values beside a champion's
reference are `tasks.core.faults`, what is wrong within one night `tasks.core.checking`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from statistics import median

from schemas.batch import Batch, ColumnProfile, Unusual
from schemas.monitoring import Fault

PAST = 28
"""Nights before it, with a sound batch, that a night is compared with."""
_LEAST = 14
"""So many there must be for anything but a duplicate to be unusual."""
_MIN_ROWS = 20
_MIN_VALUES = 5
_DUPLICATE_VALUES = 20
_MORE_ROWS = 0.5, 2.0


def find_unusual(
    batch: Batch, past: Sequence[Batch], slack: float, features: Collection[str]
) -> tuple[Unusual, ...]:
    """What is unusual of an accepted batch, beside those before it, the newest last.

    `features` are the columns that a model may see, `slack` the share of rows by which a cleaning
    step must exceed its worst night.
    """
    found: list[Iterator[Unusual]] = [_duplicates(batch, past)]
    if len(past) >= _LEAST:
        found += [_frozen(batch, past, features), _rows(batch, past), _gap(batch, past)]
        found.append(_cleaned(batch, past, slack))
    return tuple(chain.from_iterable(found))


def faults_with(measured: Sequence[Fault], unusual: Sequence[Unusual]) -> tuple[Fault, ...]:
    """Faults of the rows beside a reference, and of columns that have none what is unusual."""
    known = {fault.column for fault in measured}
    told = []
    for one in unusual:
        column = one.subject if one.kind == "frozen column" else "all columns"
        if one.is_fault and column not in known:
            fault = {"column": column, "kind": one.kind, "share": 1.0, "limit": 0.0}
            told.append(Fault.model_validate(fault))
    return (*told, *measured)


def _duplicates(batch: Batch, past: Sequence[Batch]) -> Iterator[Unusual]:
    """All columns but key and time hold the values of another night: yesterday's file again.

    Columns of joined tables are left out: what is known at another time may be another value.
    """
    values = _values(batch)
    if sum(column.distinct for column in values) < _DUPLICATE_VALUES:
        return
    for other in reversed(past):
        if batch.counts.kept == other.counts.kept and values == _values(other):
            yield Unusual(
                kind="duplicate night",
                subject=str(other.as_of),
                observed=1.0,
                limit=0.0,
                sentence=f"the values of all columns are those of night {other.as_of}",
            )
            return


def _values(batch: Batch) -> list[ColumnProfile]:
    """Profiles of columns that say something of their values: keys and times show none."""
    joined = {name for match in batch.matches for name in match.columns}
    shown = (column for column in batch.profile if column.quantiles or column.top)
    return [column for column in shown if column.column not in joined]


def _frozen(batch: Batch, past: Sequence[Batch], features: Collection[str]) -> Iterator[Unusual]:
    """One value or none all night in a column that never had fewer than five."""
    if batch.counts.kept < _MIN_ROWS:
        return
    distinct = defaultdict[tuple[str, str], list[int]](list)
    for column in chain.from_iterable(other.profile for other in past):
        distinct[column.column, column.dtype].append(column.distinct)
    for column in (one for one in batch.profile if one.column in features):
        known = distinct[column.column, column.dtype]
        fewest = min(known, default=0)
        is_known = len(known) >= _LEAST and fewest >= _MIN_VALUES
        is_empty = column.nulls == batch.counts.kept
        if is_known and (is_empty or (column.distinct == 1 and not column.nulls)):
            yield Unusual(
                kind="frozen column",
                subject=column.column,
                observed=1.0,
                limit=float(fewest),
                sentence=f"{column.column} has {'no' if is_empty else 'one'} value all night, "
                f"never fewer than {fewest} in "
                f"{len(known)} nights before",
            )


def _rows(batch: Batch, past: Sequence[Batch]) -> Iterator[Unusual]:
    """Under half of the trailing median or over twice, and beyond all nights before."""
    rows = [other.counts.kept for other in past]
    ratio = batch.counts.kept / median(rows)
    low, high = _MORE_ROWS
    if low <= ratio <= high or min(rows) <= batch.counts.kept <= max(rows):
        return
    yield Unusual(
        kind="row count",
        subject="",
        observed=ratio,
        limit=low if ratio < low else high,
        sentence=f"{batch.counts.kept:,} rows, {ratio:.1f} times the median of {len(past)} nights "
        f"before, limit {low if ratio < low else high:g}",
    )


def _gap(batch: Batch, past: Sequence[Batch]) -> Iterator[Unusual]:
    """Twice as long without a row as on any night before."""
    gap = batch.largest_gap_minutes
    known = [g for other in past if (g := other.largest_gap_minutes) is not None]
    if gap is None or len(known) < _LEAST or gap <= 2 * max(known):
        return
    yield Unusual(
        kind="time gap",
        subject="",
        observed=gap,
        limit=2 * max(known),
        sentence=f"{gap:.0f} minutes without a row, never more than {max(known):.0f} in "
        f"{len(known)} nights before",
    )


def _cleaned(batch: Batch, past: Sequence[Batch], slack: float) -> Iterator[Unusual]:
    """A step that changed or dropped a far greater share than on its worst night before."""
    for step in batch.cleaning:
        before = [did for other in past for did in other.cleaning if did.digest == step.digest]
        if len(before) < _LEAST or not step.before:
            continue
        worst = max(did.share for did in before)
        limit = worst + max(slack, 3 / step.before)
        if step.share > limit:
            yield Unusual(
                kind="cleaning",
                subject=step.digest,
                observed=step.share,
                limit=limit,
                sentence=f"{step.step} changed or dropped {step.share:.1%} of rows, never more "
                f"than {worst:.1%} in {len(before)} nights before",
            )
