"""The one door to Evidently: its drift report with our thresholds, read back; its data summary.

The distances and thresholds themselves are `tasks.core.drift`. Nothing here imports Prefect.
"""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from schemas.monitoring import ColumnDrift, ColumnKind, ColumnReference, DriftReference
from tasks.core.drift import distance, night_drift

_SAFE = str.maketrans({"<": "‹", ">": "›", "&": "+"})
_NO_VALUE = "(no value)"
SAMPLE_ROWS = 2000


@dataclass(frozen=True)
class DriftReport:
    """Evidently's verdict by column, and its gzipped page; None when nothing was comparable."""

    columns: tuple[ColumnDrift, ...]
    html: bytes | None


def warm_up() -> None:
    """Import Evidently now, some seconds of work, where waiting costs nothing."""
    import evidently  # noqa: F401  # for its side effect alone


def report_drift(
    reference: DriftReference, sample: pd.DataFrame, current: pd.DataFrame
) -> DriftReport:
    """Evidently's drift report of a night against the champion's reference.

    `sample` are reference rows for the plots. Distances are taken from the whole reference's
    histograms, so that report and record agree. Markup in names and values is made harmless
    first, since Evidently's pages would run it (measured).

    Raises:
        ValueError: Evidently's result lacks a column or holds no number for it.
    """
    measured = night_drift(reference, current)
    comparable = [drift for drift in measured if drift.can_alarm]
    if not comparable:
        return DriftReport(measured, None)
    safe = _spell_names([column.column for column in reference.columns])
    columns = {column.column: _spelled(column, safe) for column in reference.columns}
    snapshot = _run(
        [(drift, columns[drift.column]) for drift in comparable],
        _harmless(sample, safe),
        _harmless(current, safe),
    )
    told = _read_verdicts(json.loads(snapshot.json()))
    found = tuple(_as_told(drift, told, safe) if drift.can_alarm else drift for drift in measured)
    return DriftReport(found, _zipped(snapshot))


def report_profile(
    kinds: Mapping[str, ColumnKind], sample: pd.DataFrame | None, current: pd.DataFrame
) -> bytes:
    """Evidently's summary of these columns, beside those of the sample; its gzipped page.

    Columns that it cannot describe are left out: without any value, or with values so large that
    their spread is no number. Markup is made harmless as in `report_drift`.
    """
    from evidently import Report
    from evidently.presets import DataSummaryPreset

    frames = [frame for frame in (current, sample) if frame is not None]
    shown = {n: k for n, k in kinds.items() if all(_can_describe(frame[n], k) for frame in frames)}
    words = [name for name, kind in shown.items() if kind == "category"]
    # a null among categories leaves Evidently's plot of them empty
    frames = [frame.assign(**frame[words].fillna(_NO_VALUE)) for frame in frames]
    safe = _spell_names(list(shown))
    kept = {safe[name]: kind for name, kind in shown.items()}
    given = [_dataset(_harmless(frame[list(shown)], safe), kept) for frame in frames]
    # a constant column has no spread to divide by
    with np.errstate(invalid="ignore", divide="ignore"):
        snapshot = Report([DataSummaryPreset()]).run(*given)
    return _zipped(snapshot)


def _can_describe(values: pd.Series, kind: ColumnKind) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        has_spread = kind == "category" or np.isfinite(
            values.to_numpy(dtype=np.float64, na_value=0).std()
        )
    return bool(values.notna().any() and has_spread)


def default_alarm(
    reference: DriftReference, sample: pd.DataFrame, current: pd.DataFrame
) -> tuple[int, int]:
    """Columns that Evidently's own default tests would flag, and columns compared.

    The tests and limits that its drift preset picks by itself, called without its report.
    """
    compared = [
        c for c in reference.columns if c.column in sample and _has_values(sample, current, c)
    ]
    flagged = sum(_flagged_by_default(c, sample[c.column], current[c.column]) for c in compared)
    return flagged, len(compared)


def _has_values(sample: pd.DataFrame, current: pd.DataFrame, column: ColumnReference) -> bool:
    return bool(sample[column.column].notna().any() and current[column.column].notna().any())


def _flagged_by_default(column: ColumnReference, sample: pd.Series, current: pd.Series) -> bool:
    from evidently.legacy.calculations.stattests import get_stattest
    from evidently.legacy.core import ColumnType

    is_number = column.kind == "number"
    kind = ColumnType.Numerical if is_number else ColumnType.Categorical
    one, other = (values.dropna().reset_index(drop=True) for values in (sample, current))
    if not is_number:
        one, other = one.astype(str), other.astype(str)
    return bool(get_stattest(one, other, kind, None)(one, other, kind, None).drifted)


def _zipped(snapshot: Any) -> bytes:
    page = snapshot.get_html_str(as_iframe=False)
    return gzip.compress(page.encode(), compresslevel=5, mtime=0)


def _run(
    compared: list[tuple[ColumnDrift, ColumnReference]], sample: pd.DataFrame, current: pd.DataFrame
) -> Any:
    from evidently import Report
    from evidently.presets import DataDriftPreset

    methods = {column.column: _register(column) for _, column in compared}
    limits = {column.column: drift.threshold for drift, column in compared}
    kinds = {column.column: column.kind for _, column in compared}
    preset = DataDriftPreset(per_column_method=methods, per_column_threshold=limits)
    # the report correlates columns, and a constant one has no spread to divide by
    with np.errstate(invalid="ignore", divide="ignore"):
        return Report([preset]).run(_dataset(current, kinds), _dataset(sample, kinds))


def _register(column: ColumnReference) -> str:
    """Make the column's distance known to Evidently as a test of its own; returns its name."""
    from evidently.legacy.calculations.stattests import StatTest, register_stattest
    from evidently.legacy.core import ColumnType

    is_number = column.kind == "number"
    name = f"driftloop distance of {column.column}"
    register_stattest(
        StatTest(
            name=name,
            display_name="KS distance" if is_number else "total variation",
            allowed_feature_types=[ColumnType.Numerical if is_number else ColumnType.Categorical],
            default_threshold=1.0,
        ),
        partial(_score, column),
    )
    return name


def _spelled(column: ColumnReference, safe: Mapping[str, str]) -> ColumnReference:
    """The column with its name and its categories as the harmless frames spell them."""
    categories = tuple(category.translate(_SAFE) for category in column.categories)
    return column.model_copy(update={"column": safe[column.column], "categories": categories})


def _score(
    column: ColumnReference, _reference: pd.Series, current: pd.Series, _kind: Any, threshold: float
) -> tuple[float, bool]:
    measured = distance(column, current)
    return measured, measured > threshold


def _read_verdicts(result: dict[str, Any]) -> dict[str, tuple[float, bool]]:
    """Score, and whether it lies above its threshold, by column out of Evidently's JSON result."""
    found = {}
    for metric in result["metrics"]:
        config = metric.get("config", {})
        if config.get("type", "").endswith("ValueDrift"):
            value = metric["value"]
            if not isinstance(value, int | float) or value != value:
                raise ValueError(f"Evidently gave {value!r} for column {config['column']!r}")
            found[config["column"]] = (float(value), value > float(config["threshold"]))
    return found


def _as_told(
    drift: ColumnDrift, told: dict[str, tuple[float, bool]], safe: Mapping[str, str]
) -> ColumnDrift:
    name = safe[drift.column]
    if name not in told:
        raise ValueError(f"Evidently's result lacks column {drift.column!r}")
    score, drifted = told[name]
    return drift.model_copy(update={"distance": score, "drifted": drifted})


def _dataset(frame: pd.DataFrame, kinds: Mapping[str, ColumnKind]) -> Any:
    from evidently import DataDefinition, Dataset

    def named(kind: ColumnKind) -> list[str]:
        return [name for name, found in kinds.items() if found == kind]

    definition = DataDefinition(
        numerical_columns=named("number"), categorical_columns=named("category")
    )
    return Dataset.from_pandas(frame[list(kinds)], data_definition=definition)


def _spell_names(names: Sequence[str]) -> dict[str, str]:
    """A harmless name of its own for each: `<a>` and `‹a›` may both be columns."""
    spelled: dict[str, str] = {}
    for name in names:
        safe = name.translate(_SAFE)
        while safe in spelled.values() or (safe != name and safe in names):
            safe += "'"
        spelled[name] = safe
    return spelled


def _harmless(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The columns of these names under their harmless ones, and harmless values."""
    safe: dict[str, pd.Series] = {}
    spell: Callable[[str], str] = lambda text: text.translate(_SAFE)  # noqa: E731
    for name in [name for name in frame.columns if name in names]:
        values = frame[name]
        if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
            safe[names[name]] = values
        else:
            known = {value: spell(str(value)) for value in values.dropna().unique()}
            safe[names[name]] = values.map(known)
    return pd.DataFrame(safe)
