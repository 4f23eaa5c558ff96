"""Columns of values of several types: stacked without changing any, written as text and back.

What a value means is `tasks.core.reading`; files of such columns are `tasks.engine.frames`.
"""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa


def stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all frames; no value takes another type for what stands in another frame.

    A column that a frame lacks is null there.
    """
    if len(frames) == 1:
        return frames[0]
    names = dict.fromkeys(name for frame in frames for name in frame.columns)
    return pd.DataFrame({name: stack_column([_of(f, name) for f in frames]) for name in names})


def stack_column(columns: Sequence[pd.Series]) -> pd.Series:
    """One column after the other, as objects where their types differ."""
    if len(columns) == 1:
        return columns[0]
    if len({str(column.dtype) for column in columns}) > 1:
        columns = [column.astype(object) for column in columns]
    return pd.concat(columns, ignore_index=True)


def settle_kinds(kinds: Mapping[str, set[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """By the dtypes that a column has in parts of a table: those written as float64, and as JSON.

    Whole numbers are floats where some part has nulls.
    """
    several = [name for name, found in kinds.items() if len(found) > 1 or "object" in found]
    numbers = [name for name in several if all(map(_is_number, kinds[name]))]
    return tuple(numbers), tuple(name for name in several if name not in numbers)


def as_texts(
    frame: pd.DataFrame, names: tuple[str, ...] | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The frame as a file can hold it, and the columns whose values are written as JSON for that.

    These, unless `names` says which, are those of values of several types. What JSON has no word
    for stands there as it is written, such as a date among texts.
    """
    if names is None:
        names = tuple(str(name) for name in frame.columns if not _is_plain(frame[name]))
    if not names:
        return frame, ()
    return frame.assign(**{name: _as_json(frame[name]) for name in names}), names


def from_texts(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """What `as_texts` was given."""
    return frame.assign(**{name: _from_json(frame[name]) for name in names})


def _of(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series(None, frame.index, object)


def _is_number(dtype: str) -> bool:
    found = pd.api.types.pandas_dtype(dtype)
    return pd.api.types.is_numeric_dtype(found) and not pd.api.types.is_bool_dtype(found)


def _is_plain(values: pd.Series) -> bool:
    """Whether Parquet has one type for all of its values, and gives them back as they are."""
    if values.dtype == object and pd.api.types.infer_dtype(values) not in ("string", "empty"):
        return False
    try:
        pa.array(values, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):  # half a letter is a ValueError
        return False
    return True


def _as_json(values: pd.Series) -> pd.Series:
    known = values.notna()
    texts = [
        json.dumps(value, default=_plain) if is_known else None
        for value, is_known in zip(values.astype(object), known, strict=True)
    ]
    return pd.Series(texts, values.index, "str")


def _plain(value: object) -> object:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else str(value)


def _from_json(texts: pd.Series) -> pd.Series:
    values = [json.loads(text) if isinstance(text, str) else None for text in texts]
    return pd.Series(values, texts.index, object)
