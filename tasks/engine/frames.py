"""Frames in and out of the store as Parquet. What is in them is the callers' business."""

import json
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import Damaged
from schemas.record import ObjectRef
from tasks.core.mixed import as_texts, from_texts, stack
from tasks.store import Store

GROUP = 262_144
"""Rows of a row group of a table that is written in parts."""

_AS_JSON = b"driftloop.as_json"
"""In the file's metadata: the columns whose values are of several types, each written as JSON."""


def save_frame(store: Store, project: str, frame: pd.DataFrame) -> ObjectRef:
    """Store the frame as Parquet, named after its content; equal frames are one object."""
    with tempfile.TemporaryDirectory(prefix="driftloop-") as folder:
        path = Path(folder) / "frame.parquet"
        pq.write_table(_table_of(frame), path, compression="zstd")
        return store.add_file(project, path, "parquet")


def load_frame(store: Store, ref: ObjectRef, columns: list[str] | None = None) -> pd.DataFrame:
    """The stored frame, its bytes checked first.

    Raises:
        Missing, Damaged: the object is not what the commit record says.
    """
    path = store.fetch(ref)
    try:
        with pq.ParquetFile(path) as file:
            written = json.loads((file.schema_arrow.metadata or {}).get(_AS_JSON, b"[]"))
            frame: pd.DataFrame = file.read(columns).to_pandas()
        frame = from_texts(frame, [name for name in written if name in frame])
        return frame if columns is None else frame[columns]
    except (OSError, ValueError, KeyError) as error:
        raise Damaged(f"{ref.key}: not the Parquet table it should be ({error})") from error


class FrameWriter:
    """A table that comes in parts, as `save_frame` would store it, in smaller row groups.

    All parts have the same columns; those that are `written` as JSON have values of several types.
    """

    def __init__(self, path: Path, written: tuple[str, ...] | None = None) -> None:
        self._path, self._written = path, written
        self._waiting: list[pd.DataFrame] = []
        self._file: pq.ParquetWriter | None = None
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._waiting:
            self._write(stack(self._waiting))
        if self._file:
            self._file.close()

    def add(self, frame: pd.DataFrame) -> None:
        """Append these rows."""
        if frame.empty:
            return
        self.rows += len(frame)
        self._waiting.append(frame)
        if sum(map(len, self._waiting)) >= GROUP:
            rows = stack(self._waiting)
            whole = len(rows) // GROUP * GROUP
            self._write(rows.iloc[:whole])
            self._waiting = [rows.iloc[whole:]] if whole < len(rows) else []

    def _write(self, frame: pd.DataFrame) -> None:
        table = _table_of(frame, self._written)
        if self._file is None:
            self._file = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._file.write_table(table.cast(self._file.schema), row_group_size=GROUP)


def _table_of(frame: pd.DataFrame, names: tuple[str, ...] | None = None) -> pa.Table:
    plain, written = as_texts(frame, names)
    table = pa.Table.from_pandas(plain, preserve_index=False)
    if not written:
        return table
    metadata = {**(table.schema.metadata or {}), _AS_JSON: json.dumps(written).encode()}
    return table.replace_schema_metadata(metadata)


class FrameMemory:
    """The frames that were made last, up to `limit` bytes: a retrain reads its nights many times.

    Whoever gets a frame must not change it.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._frames: OrderedDict[str, tuple[int, pd.DataFrame]] = OrderedDict()
        self._bytes = 0

    def recall(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The frame of that name, made when it is not remembered. Names are content digests."""
        if name not in self._frames:
            frame = make()
            size = int(frame.memory_usage(index=False).sum())
            if size > self._limit // 4:
                return frame
            self._frames[name] = size, frame
            self._bytes += size
            while self._bytes > self._limit:
                self._bytes -= self._frames.popitem(last=False)[1][0]
        self._frames.move_to_end(name)
        return self._frames[name][1]
