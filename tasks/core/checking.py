"""Proof of one night's rows against the contract: kept rows, quarantined rows, every reason.

Reading the rows and committing the batch is `tasks.engine.ingest`.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.api.pandas.components import Column
from pandera.errors import SchemaErrors

from schemas.batch import Counts, Failure
from schemas.contract import Contract, columns_of, name_of, names_of
from tasks.core.local_time import LocalNight
from tasks.core.reading import as_declared, is_made, kind_of, read_column, what_is_unreadable

REASON = "driftloop_reason"
_EXAMPLES = 3


@dataclass(frozen=True)
class Checked:
    """Rows are conserved: read = kept + quarantined + deduplicated."""

    kept: pd.DataFrame
    quarantine: pd.DataFrame
    counts: Counts
    failures: tuple[Failure, ...]
    ignored_columns: tuple[str, ...]
    refused: str | None


def check_rows(
    raw: pd.DataFrame, contract: Contract, quarantine_limit: float, night: LocalNight | None = None
) -> Checked:
    """Prove `raw` against the contract and set broken rows aside, each with all its reasons.

    With a `night`, a row whose time lies outside of it is broken too: it is another night's.
    The batch is refused as a whole when a column is missing, cannot be read as its type on more
    rows than the limit, or more rows than the limit (a share) are broken.
    """
    columns = columns_of(contract)
    if raw.shape == (0, 0):  # a file of zero bytes lacks no column in particular
        raw = pd.DataFrame(columns=list(columns))
    ignored = tuple(str(name) for name in raw.columns if name not in columns)
    missing = [name for name in columns if name not in raw.columns]
    reasons = _Reasons(len(raw))
    raw = raw.reset_index(drop=True)
    frame = _read_types(raw, columns, reasons)
    if night:
        _check_night(frame, raw, contract, night, reasons)
    if not missing:
        frame, deduplicated = _settle_keys(frame, name_of(contract, "key"), reasons)
        _check_contract(_only(frame, ~deduplicated & reasons.clean), contract, reasons)
    else:
        deduplicated = np.zeros(len(frame), dtype=bool)
        reasons.failures += [
            Failure(column=name, check="missing", rows=len(raw)) for name in missing
        ]
    return _sort_out(frame, deduplicated, reasons, ignored, missing, quarantine_limit)


class _Reasons:
    """Why each row is set aside, and the failures that this adds up to."""

    def __init__(self, rows: int) -> None:
        self.clean = np.ones(rows, dtype=bool)
        self._text: dict[int, str] = {}
        self.failures: list[Failure] = []
        self.is_whole = False
        """Whether something is wrong with the table, not with single rows of it."""

    def add(self, rows: np.ndarray, column: str, check: str, values: pd.Series) -> None:
        """Note a broken rule: `rows` are positions, `values` what stood there."""
        if not len(rows):
            return
        self.clean[rows] = False
        for row in rows.tolist():
            self._text[row] = f"{self._text.get(row, '')}; {column}: {check}".lstrip("; ")
        examples = tuple(ascii(str(value))[1:-1][:80] for value in values.head(_EXAMPLES))
        self.failures.append(Failure(column=column, check=check, rows=len(rows), examples=examples))

    def told(self, broken: np.ndarray) -> np.ndarray:
        """All reasons of each broken row, as one text a row."""
        return np.array([self._text[row] for row in np.flatnonzero(broken).tolist()], dtype=object)


def _only(frame: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """These rows; no copy when they are all."""
    return frame if rows.all() else frame[rows]


def _read_types(raw: pd.DataFrame, columns: dict[str, Column], reasons: _Reasons) -> pd.DataFrame:
    """Each column as the contract's type; a value that cannot be read so breaks its row."""
    read = {}
    for name, expected in columns.items():
        if name not in raw.columns:
            continue
        values = raw[name]
        read[name] = read_column(values, expected)
        if read[name] is not values:
            lost = np.flatnonzero(read[name].isna() & values.notna())
            reasons.add(lost, name, what_is_unreadable(expected), values.iloc[lost])
        if kind_of(expected) == "number":
            infinite = np.flatnonzero(np.isinf(read[name].to_numpy(dtype=np.float64)))
            reasons.add(infinite, name, "infinite", values.iloc[infinite])
    return pd.DataFrame(read, index=raw.index, copy=False)


def _check_night(
    frame: pd.DataFrame, raw: pd.DataFrame, contract: Contract, night: LocalNight, reasons: _Reasons
) -> None:
    """Note rows of another night. A time that could not be read is noted as that alone."""
    for name in [name for name in names_of(contract, "time") if name in frame.columns]:
        times = frame[name]
        outside = np.flatnonzero(times.notna() & ~night.holds(times))
        reasons.add(outside, name, f"outside of {night}", raw[name].iloc[outside])


def _settle_keys(
    frame: pd.DataFrame, key: str, reasons: _Reasons
) -> tuple[pd.DataFrame, np.ndarray]:
    """Equal rows under one key count once; a key with differing rows is quarantined whole."""
    same = np.zeros(len(frame), dtype=bool)
    if frame[key].is_unique:
        return frame, same
    repeated = frame[key].duplicated(keep=False) & frame[key].notna()
    if not repeated.any():
        return frame, same
    suspects = frame[repeated]
    again = suspects.duplicated(keep="first")
    same[suspects.index[again]] = True
    first = suspects[~again]
    torn = first[first[key].duplicated(keep=False)]
    reasons.add(torn.index.to_numpy(), key, "one key, differing rows", torn[key])
    return frame, same


@cache
def _schema_of(contract: Contract) -> pa.DataFrameSchema:
    """The contract's schema, not asking again for types that `_read_types` made.

    Asking for them was half of the time that the checks of a small night took.
    """
    schema = contract.to_schema().select_columns(list(columns_of(contract)))
    made = [name for name, column in schema.columns.items() if is_made(column)]
    return schema.update_columns({name: {"dtype": None} for name in made})


def _check_contract(frame: pd.DataFrame, contract: Contract, reasons: _Reasons) -> None:
    schema = _schema_of(contract)
    declared = as_declared(frame, columns_of(contract))
    try:
        # in place on a shallow copy: nothing here is changed, and Pandera's own copy is a deep one
        schema.validate(declared, lazy=True, inplace=True)
    except SchemaErrors as errors:
        _add_failures(errors.failure_cases, declared, schema, reasons)


def _add_failures(
    cases: pd.DataFrame, frame: pd.DataFrame, schema: pa.DataFrameSchema, reasons: _Reasons
) -> None:
    by_rule = cases.dropna(subset=["index"]).groupby(["column", "check"], sort=True)
    for (column, check), found in by_rule:
        rows = found["index"].astype(int).unique()
        reasons.add(rows, str(column), str(check), frame[str(column)].loc[rows])
    whole = cases[cases["index"].isna()]
    reasons.is_whole = reasons.is_whole or not whole.empty
    for case in whole.itertuples():
        reasons.failures.append(
            Failure(column=str(case.column or schema.name), check=str(case.check), rows=len(frame))
        )


def _sort_out(
    frame: pd.DataFrame,
    deduplicated: np.ndarray,
    reasons: _Reasons,
    ignored: tuple[str, ...],
    missing: list[str],
    limit: float,
) -> Checked:
    broken = ~reasons.clean
    quarantine = frame[broken].assign(**{REASON: reasons.told(broken)}).reset_index(drop=True)
    deduplicated = deduplicated & ~broken  # a broken row is set aside however often it came
    kept = _only(frame, ~broken & ~deduplicated).reset_index(drop=True)
    refused = _refusal(len(frame), len(kept), reasons, missing, limit)
    if missing:
        reasons_text = f"missing columns: {', '.join(missing)}"
        quarantine = frame.assign(**{REASON: reasons_text})
        kept, deduplicated = frame.head(0), np.zeros(len(frame), dtype=bool)
    counts = Counts(
        read=len(frame),
        kept=len(kept),
        quarantined=len(quarantine),
        deduplicated=int(deduplicated.sum()),
    )
    return Checked(kept, quarantine, counts, tuple(reasons.failures), ignored, refused)


def _refusal(
    rows: int, kept: int, reasons: _Reasons, missing: list[str], limit: float
) -> str | None:
    if missing:
        return f"columns missing: {', '.join(missing)}"
    broken = rows if reasons.is_whole else int((~reasons.clean).sum())
    is_within = not reasons.is_whole and broken <= limit * rows and kept > 0
    if is_within or not broken:
        return None
    worst = max(reasons.failures, key=lambda failure: failure.rows)
    return (
        f"{broken} of {rows} rows broken ({broken / rows:.1%}, limit {limit:.1%}), "
        f"most by {worst.column}: {worst.check}"
    )
