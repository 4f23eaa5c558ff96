"""Proof of one night's rows against the contract: kept rows, quarantined rows, every reason.

Reading the rows and committing the batch is `tasks.engine.ingest`.
"""

from collections.abc import Callable
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
from tasks.core.mixed import stack, stack_column
from tasks.core.reading import as_declared, is_made, kind_of, read_column, what_is_unreadable
from tasks.core.reasons import Reasons
from tasks.core.refusal import Tally, why_refused

REASON = "driftloop_reason"
"""The column of a quarantine that says why each row is there; a delivered one is left out."""
WITH_THE_BATCH = "sound, but the batch was refused"
_LONGEST_NAME = 80


Settle = Callable[[pd.DataFrame, str, Reasons], np.ndarray]
"""Which rows come again under one key, and count once; rows that contradict each other are noted.
It is given the rows, the key column's name and where to note."""


@dataclass(frozen=True)
class Proof:
    """What is wrong with each row of `raw`; `frame` are the rows as the contract reads them."""

    frame: pd.DataFrame
    raw: pd.DataFrame
    deduplicated: np.ndarray
    reasons: Reasons
    ignored: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def tally(self) -> Tally:
        """The same as counts. All rows are broken where something is wrong with their whole."""
        clean, rows = self.reasons.clean, len(self.raw)
        return Tally(
            rows=rows,
            broken=rows if self.reasons.is_whole else int((~clean).sum()),
            sound=0 if self.reasons.is_whole else int((clean & ~self.deduplicated).sum()),
            deduplicated=int(self.deduplicated.sum()),
            missing=self.missing,
            ignored=self.ignored,
            failures=tuple(self.reasons.failures),
        )


@dataclass(frozen=True)
class Checked:
    """Rows are conserved: read = kept + quarantined + deduplicated.

    Kept rows are as the contract reads them, those in quarantine as they were delivered, with
    columns that the contract does not have. `is_kept` tells them apart by their place in the
    delivery.
    """

    kept: pd.DataFrame
    is_kept: np.ndarray
    quarantine: pd.DataFrame
    counts: Counts
    failures: tuple[Failure, ...]
    ignored_columns: tuple[str, ...]
    refused: str | None


def check_rows(
    raw: pd.DataFrame,
    contract: Contract,
    quarantine_limit: float,
    night: LocalNight | None = None,
    kept_before: pd.DataFrame | None = None,
    whole: tuple[Failure, ...] = (),
) -> Checked:
    """Prove `raw` against the contract and set broken rows aside, each with all its reasons.

    With a `night`, a row whose time lies outside of it is broken too: it is another night's.
    The batch is refused as a whole when a column is missing, cannot be read as its type on more
    rows than the limit, or more rows than the limit (a share) are broken, or something is
    wrong with the `whole` of it. Rows that were `kept_before` are proved again with them and come
    first.
    """
    proof = prove_rows(raw, contract, night, settle_keys, kept_before)
    refused = why_refused(proof.tally, quarantine_limit) or (whole[0].check if whole else None)
    return sort_out(proof, refused, whole)


def prove_rows(
    raw: pd.DataFrame,
    contract: Contract,
    night: LocalNight | None,
    settle: Settle,
    kept_before: pd.DataFrame | None = None,
) -> Proof:
    """What is wrong with each row. `settle` says what becomes of keys that come twice."""
    columns = columns_of(contract)
    if raw.shape == (0, 0):  # a file of zero bytes lacks no column in particular
        raw = pd.DataFrame(columns=list(columns))
    parts = [_plainly_named(part) for part in (kept_before, raw) if part is not None]
    raw = stack(parts)
    missing = tuple(name for name in columns if name not in raw.columns)
    reasons = Reasons(len(raw), contract)
    frame = _read_types(parts, raw, columns, reasons)
    if night:
        _check_night(frame, raw, contract, night, reasons)
    if not missing:
        deduplicated = settle(frame, name_of(contract, "key"), reasons)
        _check_contract(_only(frame, ~deduplicated & reasons.clean), contract, reasons)
    else:
        deduplicated = np.zeros(len(frame), dtype=bool)
        for name in missing:
            reasons.note(name, "missing", len(raw))
    deduplicated &= reasons.clean  # a broken row is set aside however often it came
    ignored = tuple(name[:_LONGEST_NAME] for name in raw.columns if name not in columns)
    return Proof(frame, raw, deduplicated, reasons, ignored, missing)


def _plainly_named(part: pd.DataFrame) -> pd.DataFrame:
    """Rows numbered from 0, without the reasons of a quarantine that is delivered again."""
    named = part.set_axis(part.columns.astype("str"), axis=1).reset_index(drop=True)
    return named.drop(columns=REASON, errors="ignore")


def _only(frame: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """These rows; no copy when they are all."""
    return frame if rows.all() else frame[rows]


def _read_types(
    parts: list[pd.DataFrame], raw: pd.DataFrame, columns: dict[str, Column], reasons: Reasons
) -> pd.DataFrame:
    """Each column as the contract's type; a value that cannot be read so breaks its row."""
    read = {}
    for name, expected in columns.items():
        if name not in raw.columns:
            continue
        values = raw[name]
        read[name] = stack_column([read_column(part[name], expected) for part in parts])
        if read[name] is not values:
            lost = np.flatnonzero(read[name].isna() & values.notna())
            reasons.add(lost, name, what_is_unreadable(expected), values)
        if kind_of(expected) == "number":
            infinite = np.flatnonzero(np.isinf(read[name].to_numpy(dtype=np.float64)))
            reasons.add(infinite, name, "infinite", values)
    return pd.DataFrame(read, index=raw.index, copy=False)


def _check_night(
    frame: pd.DataFrame, raw: pd.DataFrame, contract: Contract, night: LocalNight, reasons: Reasons
) -> None:
    """Note rows of another night. A time that could not be read is noted as that alone."""
    for name in [name for name in names_of(contract, "time") if name in frame.columns]:
        times = frame[name]
        outside = np.flatnonzero(times.notna() & ~night.holds(times))
        reasons.add(outside, name, f"outside of {night}", raw[name])


def settle_keys(frame: pd.DataFrame, key: str, reasons: Reasons) -> np.ndarray:
    """Equal rows under one key count once; a key with differing rows is quarantined whole."""
    same = np.zeros(len(frame), dtype=bool)
    if frame[key].is_unique:
        return same
    repeated = frame[key].duplicated(keep=False) & frame[key].notna()
    if not repeated.any():
        return same
    suspects = frame[repeated]
    again = suspects.duplicated(keep="first")
    same[suspects.index[again]] = True
    first = suspects[~again]
    torn = first[first[key].duplicated(keep=False)]
    note_torn(torn.index.to_numpy(), key, frame[key], reasons)
    return same


def note_torn(rows: np.ndarray, key: str, values: pd.Series, reasons: Reasons) -> None:
    """Note rows that contradict others under their key."""
    reasons.add(rows, key, "one key, differing rows", values)


@cache
def _schema_of(contract: Contract) -> pa.DataFrameSchema:
    """The contract's schema, not asking again for types that `_read_types` made.

    Asking for them was half of the time that the checks of a small night took.
    """
    schema = contract.to_schema().select_columns(list(columns_of(contract)))
    made = [name for name, column in schema.columns.items() if is_made(column)]
    return schema.update_columns({name: {"dtype": None} for name in made})


def _check_contract(frame: pd.DataFrame, contract: Contract, reasons: Reasons) -> None:
    schema = _schema_of(contract)
    declared = as_declared(frame, columns_of(contract))
    try:
        # in place on a shallow copy: nothing here is changed, and Pandera's own copy is a deep one
        schema.validate(declared, lazy=True, inplace=True)
    except SchemaErrors as errors:
        _add_failures(errors.failure_cases, declared, schema, reasons)


def _add_failures(
    cases: pd.DataFrame, frame: pd.DataFrame, schema: pa.DataFrameSchema, reasons: Reasons
) -> None:
    by_rule = cases.dropna(subset=["index"]).groupby(["column", "check"], sort=True)
    for (column, check), found in by_rule:
        rows = found["index"].astype(int).unique()
        reasons.add(rows, str(column), str(check), frame[str(column)])
    whole = cases[cases["index"].isna()]
    reasons.is_whole = reasons.is_whole or not whole.empty
    for case in whole.itertuples():
        reasons.note(str(case.column or schema.name), str(case.check), len(frame))


def sort_out(proof: Proof, refused: str | None, whole: tuple[Failure, ...] = ()) -> Checked:
    """Kept rows apart from those set aside; of a refused batch all are."""
    reasons = proof.reasons
    is_kept = reasons.clean & ~proof.deduplicated & (refused is None)
    aside = ~is_kept & ~proof.deduplicated
    missing = f"missing columns: {', '.join(proof.missing)}" if proof.missing else WITH_THE_BATCH
    quarantine = (proof.raw[aside] if aside.any() else proof.raw.head(0)).assign(
        **{REASON: reasons.told(aside, missing)}
    )
    counts = Counts(
        read=len(proof.raw),
        kept=int(is_kept.sum()),
        quarantined=int(aside.sum()),
        deduplicated=int(proof.deduplicated.sum()),
    )
    return Checked(
        kept=_only(proof.frame, is_kept).reset_index(drop=True),
        is_kept=is_kept,
        quarantine=quarantine.reset_index(drop=True),
        counts=counts,
        failures=(*reasons.failures, *whole),
        ignored_columns=proof.ignored,
        refused=refused,
    )
