"""Rows as a model's features, with Python and numpy alone; a copy of this file lies beside a model.

It does what the steps of driftloop's tasks/features do, for rows that keep the project's contract.
"""

import json
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
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
    return [*step.get("columns", ()), *step.get("by", ()), *(step[n] for n in _NAMED if n in step)]


def _numbers(step: Step, rows: Sequence[Row]) -> Made:
    values = [[_number(row[name]) for name in step["columns"]] for row in rows]
    return step["columns"], "number", _table(values, len(step["columns"]))


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
    "Calendar": _calendar,
    "Categories": _categories,
    "FillFromGroup": _fill_from_group,
    "Numbers": _numbers,
}


def _table(values: list[list[float]], columns: int) -> np.ndarray:
    return np.array(values, dtype=np.float64).reshape(len(values), columns)


def _is_null(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _code(value: Any, known: Mapping[str, int]) -> float:
    return math.nan if _is_null(value) else known.get(str(value), math.nan)


def _text(value: Any) -> str:
    return "nan" if _is_null(value) else str(value)


def _local(value: Any, zone: ZoneInfo) -> datetime:
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError(f"time {value} names no zone: end it in an offset such as +00:00")
    return time.astimezone(zone)


def _count(time: datetime, part: str) -> float:
    return time.weekday() if part == "weekday" else time.hour + time.minute / 60
