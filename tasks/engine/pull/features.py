"""Rows as a model's features, with Python and numpy alone; a copy of this file lies beside a model.

It does what the steps of driftloop's tasks/features do, for rows that keep the project's contract.
"""

import json
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

Row = Mapping[str, Any]
Step = Mapping[str, Any]
Made = tuple[list[str], str, np.ndarray]
"""Names of some features, their kind, and float64 values: one row a row."""

_LARGEST = float(np.finfo(np.float32).max)
_NAMED = ("column", "key")
_LENGTHS = {"hour": 24, "weekday": 7}


def read_steps(file: Path) -> list[Step]:
    """The steps of a model's features.json.

    Raises:
        ValueError: a step is a project's own, which only driftloop can run.
    """
    told = json.loads(file.read_text(encoding="utf-8"))
    if own := told["own_steps"]:
        raise ValueError(f"{own} are the project's own feature steps: hand a finished matrix over")
    steps: list[Step] = told["steps"]
    return steps


def build_matrix(steps: Sequence[Step], rows: Sequence[Row]) -> np.ndarray:
    """The float32 matrix that the model reads. A row is a dict of the contract's columns.

    Nulls are None or NaN; times are datetimes with a zone, or ISO text that ends in an offset.

    Raises:
        KeyError: a row lacks columns; say None where a value is not known.
    """
    needed = {name for step in steps for name in _columns(step)}
    if lacking := sorted({name for row in rows for name in needed - row.keys()}):
        raise KeyError(f"rows lack {', '.join(lacking)}: give each, null where it is not known")
    with np.errstate(over="ignore"):
        parts = [STEPS[step["kind"]](step, rows)[2].astype(np.float32) for step in steps]
    return np.clip(np.concatenate(parts, axis=1), -_LARGEST, _LARGEST)


def describe(steps: Sequence[Step]) -> list[tuple[str, str]]:
    """Name and kind of each feature, in order."""
    made = [STEPS[step["kind"]](step, []) for step in steps]
    return [(name, kind) for names, kind, _ in made for name in names]


def _columns(step: Step) -> list[str]:
    """The columns that a step reads."""
    paired = [name for pair in step.get("pairs", ()) for name in pair]
    named = [step[name] for name in _NAMED if name in step]
    return [*step.get("columns", ()), *step.get("by", ()), *paired, *named]


def _numbers(step: Step, rows: Sequence[Row]) -> Made:
    return step["columns"], "number", _read(step["columns"], rows)


def _impute(step: Step, rows: Sequence[Row]) -> Made:
    columns, values = step["columns"], _clipped(step["columns"], rows)
    gaps = np.isnan(values)
    filled = np.where(gaps, np.array(step["state"]["fills"], dtype=np.float64), values)
    names = [*columns, *(f"{name}_missing" for name in columns)]
    return names, "number", np.concatenate([filled, gaps], axis=1)


def _bins(step: Step, rows: Sequence[Row]) -> Made:
    columns, values = step["columns"], _clipped(step["columns"], rows)
    bins = [
        np.searchsorted(step["state"][name], values[:, position], side="right")
        for position, name in enumerate(columns)
    ]
    names = [f"{name}_bin" for name in columns]
    return names, "number", np.where(np.isnan(values), np.nan, np.stack(bins, axis=1))


def _pairs(step: Step, rows: Sequence[Row], word: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    one, other = ([pair[place] for pair in step["pairs"]] for place in (0, 1))
    names = [f"{left}_{word}_{right}" for left, right in step["pairs"]]
    return names, _clipped(one, rows), _clipped(other, rows)


def _differences(step: Step, rows: Sequence[Row]) -> Made:
    names, left, right = _pairs(step, rows, "minus")
    return names, "number", left - right


def _ratios(step: Step, rows: Sequence[Row]) -> Made:
    names, above, below = _pairs(step, rows, "per")
    with np.errstate(over="ignore"):
        return names, "number", above / np.where(below == 0, np.nan, below)


def _frequencies(step: Step, rows: Sequence[Row]) -> Made:
    columns, shares = step["columns"], step["state"]
    values = [[_look_up(row[name], shares[name], 0) for name in columns] for row in rows]
    return [f"{name}_share" for name in columns], "number", _table(values, len(columns))


def _target_means(step: Step, rows: Sequence[Row]) -> Made:
    columns, state, zone = step["columns"], step["state"], ZoneInfo(step["zone"])
    folds = {night: 1 + at % step["folds"] for at, night in enumerate(state["nights"])}
    values = []
    for row in rows:
        fold = folds.get(str(_local(row[step["column"]], zone).date()), 0)
        found = [_look_up(row[n], state["means"][n], state["unseen"]) for n in columns]
        values.append(
            [_number(means[fold]) if isinstance(means, list) else means for means in found]
        )
    names = [f"{name}_mean_{step['target']}" for name in columns]
    return names, "number", _table(values, len(columns))


def _holidays(step: Step, rows: Sequence[Row]) -> Made:
    zone, cap, state = ZoneInfo(step["zone"]), step["cap"], step["state"]
    known = [date.fromisoformat(day).toordinal() for day in state["days"]]
    values = []
    for row in rows:
        day = _local(row[step["column"]], zone).date()
        until = min(
            [cap, *(other - day.toordinal() for other in known if other >= day.toordinal())]
        )
        since = min(
            [cap, *(day.toordinal() - other for other in known if other <= day.toordinal())]
        )
        is_known = state["first"] <= day.year <= state["last"]
        values.append([float(until == 0), until, since] if is_known else [math.nan] * 3)
    return ["is_holiday", "days_to_holiday", "days_since_holiday"], "number", _table(values, 3)


def _categories(step: Step, rows: Sequence[Row]) -> Made:
    columns = step["columns"]
    codes = [{word: code for code, word in enumerate(step["state"][name])} for name in columns]
    values = [
        [_code(row[name], known) for name, known in zip(columns, codes, strict=True)]
        for row in rows
    ]
    return columns, "category", _table(values, len(columns))


def _calendar(step: Step, rows: Sequence[Row]) -> Made:
    zone = ZoneInfo(step["zone"])
    times = [_local(row[step["column"]], zone) for row in rows]
    names, columns = [], []
    for part in step["parts"]:
        counted = np.array([_count(time, part) for time in times], dtype=np.float64)
        angle = 2 * np.pi * counted / _LENGTHS[part]
        names += [part, f"{part}_sin", f"{part}_cos"]
        columns += [counted, np.sin(angle), np.cos(angle)]
    return names, "number", np.stack(columns, axis=1)


def _fill_from_group(step: Step, rows: Sequence[Row]) -> Made:
    names, kind, values = _numbers(step, rows)
    donors, groups = step["state"]["rows"], step["state"]["groups"]
    for number in np.flatnonzero(np.isnan(values).any(axis=1)).tolist() if donors else ():
        path = [_text(rows[number][name]) for name in step["by"]]
        names_of_groups = [json.dumps(path[:depth]) for depth in range(len(path), -1, -1)]
        given = next(groups[name] for name in names_of_groups if groups.get(name))
        picked = donors[given[zlib.crc32(_text(rows[number][step["key"]]).encode()) % len(given)]]
        values[number] = np.where(np.isnan(values[number]), picked, values[number])
    return names, kind, values


STEPS: dict[str, Callable[[Step, Sequence[Row]], Made]] = {
    "Bins": _bins,
    "Calendar": _calendar,
    "Categories": _categories,
    "Differences": _differences,
    "FillFromGroup": _fill_from_group,
    "Frequencies": _frequencies,
    "Holidays": _holidays,
    "Impute": _impute,
    "Numbers": _numbers,
    "Ratios": _ratios,
    "TargetMeans": _target_means,
}


def _table(values: list[list[float]], columns: int) -> np.ndarray:
    return np.array(values, dtype=np.float64).reshape(len(values), columns)


def _read(columns: Sequence[str], rows: Sequence[Row]) -> np.ndarray:
    return _table([[_number(row[name]) for name in columns] for row in rows], len(columns))


def _clipped(columns: Sequence[str], rows: Sequence[Row]) -> np.ndarray:
    return np.asarray(np.clip(_read(columns, rows), -_LARGEST, _LARGEST))


def _is_null(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _code(value: Any, known: Mapping[str, int]) -> float:
    return math.nan if _is_null(value) else known.get(str(value), math.nan)


def _look_up(value: Any, table: Mapping[str, Any], unseen: Any) -> Any:
    return math.nan if _is_null(value) else table.get(str(value), unseen)


def _text(value: Any) -> str:
    return "nan" if _is_null(value) else str(value)


def _local(value: Any, zone: ZoneInfo) -> datetime:
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError(f"time {value} names no zone: end it in an offset such as +00:00")
    return time.astimezone(zone)


def _count(time: datetime, part: str) -> float:
    return time.weekday() if part == "weekday" else time.hour + time.minute / 60
