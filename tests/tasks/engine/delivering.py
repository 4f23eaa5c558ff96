"""Real files through the `Files` source into a real store, and what became of their rows."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from schemas.batch import Batch
from schemas.contract import Contract
from tasks.core.checking import REASON
from tasks.engine.frames import load_frame
from tasks.engine.ingest import ingest_batch
from tasks.sources.files import Files
from tasks.store import Store, open_store
from tests.building.contract import Orders
from tests.building.project import NAME, build_project
from tests.building.rows import build_orders, day

NIGHT = day(1)
ROWS = 20
LARGEST_RECORD = 20_000
"""Bytes: what a file brings must not swell the record."""


@dataclass(frozen=True)
class Taken:
    """A night's batch with its rows as they were stored."""

    batch: Batch
    kept: pd.DataFrame
    aside: pd.DataFrame

    @property
    def reasons(self) -> dict[str, str]:
        """Why each quarantined row is there, by its key as delivered."""
        return dict(zip(self.aside["row_key"].astype(str), self.aside[REASON], strict=True))


def take_in(
    folder: Path,
    data: bytes,
    suffix: str = "csv",
    contract: Contract = Orders,
    as_of: date = NIGHT,
    timezone: str = "UTC",
    **source: Any,
) -> Taken:
    """Deliver these bytes as one night and ingest them, twice: the second time changes nothing.

    Whatever they are, rows are conserved, and the record is small.
    """
    (folder / f"{as_of}.{suffix}").write_bytes(data)
    file = f"{folder}/{{as_of}}.{suffix}"
    files = Files(file=file, time="event_time", key=("row_key",), target="returned", **source)
    policy = {"quarantine_limit": 0.5}
    project = build_project(contract=contract, source=files, policy=policy, timezone=timezone)
    store = open_store((folder / "store").as_uri(), folder / "cache")
    key = ingest_batch(store, project, as_of)
    assert key == ingest_batch(store, project, as_of)
    assert key is not None
    return conserved(store, store.record(key, Batch))


def conserved(store: Store, batch: Batch) -> Taken:
    """The batch, whose rows are all accounted for and are all there."""
    kept = load_frame(store, batch.rows) if batch.rows else pd.DataFrame()
    aside = load_frame(store, batch.quarantine) if batch.quarantine else pd.DataFrame()
    counts = batch.counts
    assert (len(kept), len(aside)) == (counts.kept, counts.quarantined)
    told = counts.kept + counts.quarantined + counts.deduplicated + counts.erased + counts.dropped
    assert counts.read == told
    assert batch.as_delivered
    assert batch.project == NAME
    assert len(batch.to_bytes()) < LARGEST_RECORD
    return Taken(batch, kept, aside)


def as_csv(orders: pd.DataFrame) -> bytes:
    """The rows as a CSV file."""
    return orders.to_csv(index=False).encode()


def as_parquet(orders: pd.DataFrame) -> bytes:
    """The rows as a Parquet file."""
    written = io.BytesIO()
    orders.to_parquet(written)
    return written.getvalue()


def as_json_lines(rows: list[dict[Any, Any]]) -> bytes:
    """The rows as JSON lines, half letters and large numbers included."""
    return "\n".join(map(json.dumps, rows)).encode()


def orders(change: Callable[[pd.DataFrame], pd.DataFrame | None] | None = None) -> pd.DataFrame:
    """Usual rows of night 1, of which every value may be of any type; changed in place or anew."""
    usual = build_orders(1, rows=ROWS).astype(object)
    changed = change(usual) if change else None
    return usual if changed is None else changed


def with_values(column: str, *values: object) -> pd.DataFrame:
    """Usual rows, the first of which have these values."""
    usual = orders()
    found = usual[column].to_list()
    return usual.assign(**{column: pd.Series([*values, *found[len(values) :]], dtype=object)})
