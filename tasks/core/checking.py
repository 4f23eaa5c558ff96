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
from tasks.core.mixed import stack, stack_column
from tasks.core.reading import as_declared, is_made, kind_of, read_column, what_is_unreadable
from tasks.core.reasons import Reasons

REASON = "driftloop_reason"
"""The column of a quarantine that says why each row is there; a delivered one is left out."""
WITH_THE_BATCH = "sound, but the batch was refused"
_LONGEST_NAME = 80
_NAMED = 5


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
    columns = columns_of(contract)
    if raw.shape == (0, 0):  # a file of zero bytes lacks no column in particular
        raw = pd.DataFrame(columns=list(columns))
    parts = [_plainly_named(part) for part in (kept_before, raw) if part is not None]
    raw = stack(parts)
    ignored = tuple(name[:_LONGEST_NAME] for name in raw.columns if name not in columns)
    missing = [name for name in columns if name not in raw.columns]
    reasons = Reasons(len(raw), contract)
    frame = _read_types(parts, raw, columns, reasons)
    if night:
        _check_night(frame, raw, contract, night, reasons)
    if not missing:
        frame, deduplicated = _settle_keys(frame, name_of(contract, "key"), reasons)
        _check_contract(_only(frame, ~deduplicated & reasons.clean), contract, reasons)
    else:
        deduplicated = np.zeros(len(frame), dtype=bool)
        for name in missing:
            reasons.note(name, "missing", len(raw))
    deduplicated &= reasons.clean  # a broken row is set aside however often it came
    sound = int((reasons.clean & ~deduplicated).sum())
    refused = _refusal(reasons, sound, missing, ignored, quarantine_limit)
    refused = refused or (whole[0].check if whole else None)
    reasons.failures += whole
    return _sort_out(frame, raw, deduplicated, reasons, ignored, missing, refused)


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
            reasons.add(lost, name, what_is_unreadable(expected), values.iloc[lost])
        if kind_of(expected) == "number":
            infinite = np.flatnonzero(np.isinf(read[name].to_numpy(dtype=np.float64)))
            reasons.add(infinite, name, "infinite", values.iloc[infinite])
    return pd.DataFrame(read, index=raw.index, copy=False)


def _check_night(
    frame: pd.DataFrame, raw: pd.DataFrame, contract: Contract, night: LocalNight, reasons: Reasons
) -> None:
    """Note rows of another night. A time that could not be read is noted as that alone."""
    for name in [name for name in names_of(contract, "time") if name in frame.columns]:
        times = frame[name]
        outside = np.flatnonzero(times.notna() & ~night.holds(times))
        reasons.add(outside, name, f"outside of {night}", raw[name].iloc[outside])


def _settle_keys(
    frame: pd.DataFrame, key: str, reasons: Reasons
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
        reasons.add(rows, str(column), str(check), frame[str(column)].loc[rows])
    whole = cases[cases["index"].isna()]
    reasons.is_whole = reasons.is_whole or not whole.empty
    for case in whole.itertuples():
        reasons.note(str(case.column or schema.name), str(case.check), len(frame))


def _sort_out(
    frame: pd.DataFrame,
    raw: pd.DataFrame,
    deduplicated: np.ndarray,
    reasons: Reasons,
    ignored: tuple[str, ...],
    missing: list[str],
    refused: str | None,
) -> Checked:
    is_kept = reasons.clean & ~deduplicated & (refused is None)
    aside = ~is_kept & ~deduplicated
    otherwise = f"missing columns: {', '.join(missing)}" if missing else WITH_THE_BATCH
    quarantine = raw[aside].assign(**{REASON: reasons.told(aside, otherwise)})
    counts = Counts(
        read=len(frame),
        kept=int(is_kept.sum()),
        quarantined=int(aside.sum()),
        deduplicated=int(deduplicated.sum()),
    )
    return Checked(
        kept=_only(frame, is_kept).reset_index(drop=True),
        is_kept=is_kept,
        quarantine=quarantine.reset_index(drop=True),
        counts=counts,
        failures=tuple(reasons.failures),
        ignored_columns=ignored,
        refused=refused,
    )


def _refusal(
    reasons: Reasons, sound: int, missing: list[str], ignored: tuple[str, ...], limit: float
) -> str | None:
    if missing:
        told = ", ".join(ascii(name)[1:-1][:60] for name in ignored[:_NAMED])
        perhaps = f"; delivered and not in the contract: {told} (renamed?)" if told else ""
        return f"columns missing: {', '.join(missing)}{perhaps}"
    rows = len(reasons.clean)
    broken = rows if reasons.is_whole else int((~reasons.clean).sum())
    is_within = not reasons.is_whole and broken <= limit * rows and sound > 0
    if is_within or not broken:
        return None
    worst = max(reasons.failures, key=lambda failure: failure.rows)
    return (
        f"{broken} of {rows} rows broken ({broken / rows:.1%}, limit {limit:.1%}), "
        f"most by {worst.column}: {worst.check}"
    )
