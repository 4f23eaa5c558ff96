"""Features as the inputs of families that add effects up; what it learns is plain arrays.

How stored arrays are applied is `tasks.families.plain`, which also stands in pulled folders.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from schemas.project import Matrix
from tasks.families.plain import scale_numbers, slots

_PLACES = np.linspace(0, 1, 101)
_BLOCK = 65_536


def learn_code(features: Matrix, *, by_quantiles: bool = False) -> dict[str, np.ndarray]:
    """How gaps are filled, numbers scaled and categories told apart, from the training rows."""
    is_category = np.array([kind == "category" for kind in features.kinds], dtype=bool)
    numbers, categories = np.flatnonzero(~is_category), np.flatnonzero(is_category)
    learnt = [_learn_number(features.values[:, at], by_quantiles) for at in numbers]
    told = {name: np.array([one[name] for one in learnt]) for name in learnt[0]} if learnt else {}
    return {
        "numbers": numbers.astype(np.int64),
        "categories": categories.astype(np.int64),
        "levels": np.array([_levels(features.values[:, at]) for at in categories], dtype=np.int64),
        "nulls": np.flatnonzero(told.pop("has_nulls", np.zeros(0))),
        **told,
    }


def code_rows(code: dict[str, np.ndarray], values: np.ndarray, dtype: type) -> np.ndarray:
    """The inputs of a fit: numbers, gaps, and one column a known or unknown category."""
    dense = len(code["numbers"]) + len(code["nulls"])
    made: np.ndarray = np.zeros((len(values), dense + int((code["levels"] + 1).sum())), dtype=dtype)
    for at in range(0, len(values), _BLOCK):
        block = values[at : at + _BLOCK]
        made[at : at + _BLOCK, :dense] = scale_numbers(code, block)
        for slot in slots(code, block):
            made[np.arange(at, at + len(block)), dense + slot] = 1
    return made


def leave_out_constant(inputs: np.ndarray) -> np.ndarray:
    """Set inputs that are equal in all training rows to 0, and say which: their weight is 0 too.

    Nothing is known of what they would do if they varied.
    """
    is_constant = np.asarray(inputs.min(axis=0) == inputs.max(axis=0))
    inputs[:, is_constant] = 0
    return is_constant


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums of several threads come in any order, and equal inputs must give equal bytes."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


def _learn_number(column: np.ndarray, by_quantiles: bool) -> dict[str, np.ndarray]:
    known = column[~np.isnan(column)].astype(np.float64)
    has_nulls = np.array(len(known) < len(column))
    known = known if len(known) else np.zeros(1)
    told = {"has_nulls": has_nulls, "median": np.array(np.median(known))}
    if by_quantiles:
        return {**told, "quantiles": np.quantile(known, _PLACES).astype(np.float32)}
    return {**told, "centre": np.array(known.mean()), "spread": _spread(known)}


def _levels(codes: np.ndarray) -> int:
    return int(np.nanmax(codes)) + 1 if np.isfinite(codes).any() else 0


def _spread(known: np.ndarray) -> np.ndarray:
    """Standard deviation; 1 for a constant, where rounding may leave a little."""
    spread = known.std()
    return np.array(spread if spread > 1e-9 * np.abs(known).max() else 1.0)
