"""One valid label for each row of a night, out of what was delivered for it.

Where labels come from and which nights are looked at is `tasks.engine.labels`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.api.pandas.components import Column
from pandera.errors import SchemaErrors

from schemas.batch import Failure
from schemas.classes import as_class
from schemas.contract import is_category, is_sensitive
from schemas.project import Task
from tasks.core.reading import as_flags, as_numbers, as_whole_numbers, as_words

_AS_KEYS = {"str": as_words, "Int64": as_whole_numbers}
_EXAMPLES = 3


@dataclass(frozen=True)
class Settled:
    """Labels by key, sorted by it; counts are labels, `contradictory` those of torn keys."""

    rows: pd.DataFrame
    read: int
    contradictory: int
    invalid: int
    repeated: int
    unknown: int
    failures: tuple[Failure, ...]


def settle_labels(
    given: pd.DataFrame, keys: "pd.Series[str]", target: Column, task: Task
) -> Settled:
    """The labels of these keys in `given`, which has the key's column and the target's.

    A label is invalid when its key or value cannot be read, or when the value breaks a rule that
    the contract has for the target: of classes, that it is one of them. A key with two values has
    no label: which one is true?
    """
    key, name = str(keys.name), str(target.name)
    given = given.reset_index(drop=True)
    read = pd.DataFrame({key: read_keys(given[key], keys), name: _read(given[name], target, task)})
    failures, is_valid = _check(read, given, key, target, task)
    valid = read[is_valid]
    if task == "multiclass":
        valid = valid.assign(**{name: as_words(valid[name].map(as_class))})
    distinct = valid.drop_duplicates()
    torn = distinct[key].duplicated(keep=False)
    whole = distinct[~torn]
    kept = whole.merge(keys.to_frame(), on=key)  # `isin` takes text value by value
    return Settled(
        rows=kept.sort_values(key).reset_index(drop=True),
        read=len(given),
        contradictory=int(torn.sum()),
        invalid=int((~is_valid).sum()),
        repeated=len(valid) - len(distinct),
        unknown=len(whole) - len(kept),
        failures=failures,
    )


def read_keys(given: pd.Series, keys: pd.Series) -> pd.Series:
    """Delivered values as keys of the type that these have."""
    return _AS_KEYS.get(str(keys.dtype), as_numbers)(given)


def _read(given: pd.Series, target: Column, task: Task) -> pd.Series:
    """Labels as the task has them; what cannot be one is null."""
    if task == "binary":
        return as_flags(given)
    return as_words(given) if task == "multiclass" and is_category(target) else as_numbers(given)


def _check(
    read: pd.DataFrame, given: pd.DataFrame, key: str, target: Column, task: Task
) -> tuple[tuple[Failure, ...], np.ndarray]:
    """The rules that labels broke, and which labels broke none."""
    values = read[str(target.name)]
    is_word = task == "multiclass" and is_category(target)
    unreadable = (
        values.isna().to_numpy(dtype=bool)
        if is_word
        else ~np.isfinite(values.to_numpy(dtype=np.float64))
    )
    broken = {(key, "no key"): read[key].isna().to_numpy(dtype=bool)}
    broken[str(target.name), "not a label"] = unreadable
    if task == "count":
        broken[str(target.name), "not a count"] = ((values < 0) | (values % 1 != 0)).to_numpy()
    for check, rows in _broken_rules(values[~unreadable], target):
        broken[str(target.name), check] = np.isin(np.arange(len(read)), rows)
    failures = []
    for (column, check), where in broken.items():
        if where.any():
            is_shown = column == key or not is_sensitive(target)
            shown = given.loc[where, column].dropna().head(_EXAMPLES if is_shown else 0)
            examples = tuple(ascii(str(value))[1:-1][:80] for value in shown)
            failures.append(
                Failure(column=column, check=check, rows=int(where.sum()), examples=examples)
            )
    return tuple(failures), ~np.logical_or.reduce(list(broken.values()))


def _broken_rules(values: pd.Series, target: Column) -> list[tuple[str, np.ndarray]]:
    """Each rule of the contract for the target with the rows that break it."""
    rules = pa.Column(checks=target.checks, nullable=True, name=target.name)
    try:
        pa.DataFrameSchema({str(target.name): rules}).validate(values.to_frame(), lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.dropna(subset=["index"])
        found = cases.groupby("check", sort=True)["index"]
        return [(str(check), rows.to_numpy(dtype=int)) for check, rows in found]
    return []
