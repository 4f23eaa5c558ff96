"""Frames in and out of the store as Parquet. What is in them is the callers' business."""

import tempfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from schemas.errors import Damaged
from schemas.record import ObjectRef
from tasks.store import Store


def save_frame(store: Store, project: str, frame: pd.DataFrame) -> ObjectRef:
    """Store the frame as Parquet, named after its content; equal frames are one object."""
    with tempfile.TemporaryDirectory(prefix="driftloop-") as folder:
        path = Path(folder) / "frame.parquet"
        frame.to_parquet(path, index=False, compression="zstd")
        return store.add_file(project, path, "parquet")


def load_frame(store: Store, ref: ObjectRef, columns: list[str] | None = None) -> pd.DataFrame:
    """The stored frame, its bytes checked first.

    Raises:
        Missing, Damaged: the object is not what the commit record says.
    """
    path = store.fetch(ref)
    try:
        with pq.ParquetFile(path) as file:
            frame: pd.DataFrame = file.read(columns).to_pandas()
        return frame if columns is None else frame[columns]
    except (OSError, ValueError, KeyError) as error:
        raise Damaged(f"{ref.key}: not the Parquet table it should be ({error})") from error


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
