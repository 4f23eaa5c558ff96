"""Frames in and out of the store as Parquet. What is in them is the callers' business."""

import json
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import Damaged
from schemas.record import ObjectRef
from tasks.core.mixed import as_texts, from_texts
from tasks.store import Store

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


def _table_of(frame: pd.DataFrame) -> pa.Table:
    plain, written = as_texts(frame)
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
