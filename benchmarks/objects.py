"""What the store costs on S3, beside bare boto3 on the same server and bucket.

Run it with `.venv/bin/python -m benchmarks.objects s3://bucket/prefix`, the server and credentials
in the environment as for driftloop; it ends with 1 when a limit is missed. What it writes lies
under `prefix/benchmark-<random>` and is deleted again.

The store's side of a transfer is the hash of the file and the transfer, or the transfer and the
hash; bare boto3's is `upload_file` and `download_file` with its own defaults. Records go to the
store with the condition that they be absent, and are parsed and checked when read; bare boto3
puts and gets the same bytes. Both take turns, and the least of their times counts for large
objects, the median for small ones.
"""

import argparse
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from schemas.ledger import Entry
from tasks.store import Store, keys, open_store
from tasks.store.champion import find_serving
from tasks.store.ledger import append, read_standing

LARGE_RATIO = 1.2
LOOK_UP_REQUESTS = 3
_PROJECT = "benchmark"
_NIGHT = date(2026, 1, 1)
_LEDGER = 200


@dataclass(frozen=True)
class Row:
    """One comparison; milliseconds."""

    what: str
    bare: float
    ours: float
    limit: float | None = None

    @property
    def ratio(self) -> float:
        """Ours over bare boto3's."""
        return self.ours / self.bare


@dataclass(frozen=True)
class Bare:
    """Bare boto3 with its defaults, in the same bucket."""

    client: Any
    bucket: str
    prefix: str

    def name(self) -> str:
        """A key that is free."""
        return f"{self.prefix}/bare/{secrets.token_hex(8)}"

    def put(self, name: str, data: bytes) -> None:
        """One small object."""
        self.client.put_object(Bucket=self.bucket, Key=name, Body=data)

    def get(self, name: str) -> bytes:
        """The same, read whole."""
        data: bytes = self.client.get_object(Bucket=self.bucket, Key=name)["Body"].read()
        return data


def main() -> int:
    """Measure, print one table; 1 when a limit is missed."""
    options = _parse_options()
    url = f"{options.store.rstrip('/')}/benchmark-{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory(prefix="driftloop-objects-") as folder:
        store = open_store(url, Path(folder) / "cache")
        parts = urlsplit(url)
        bare = Bare(boto3.client("s3"), parts.netloc, parts.path.strip("/"))
        try:
            rows = [
                *_large(store, bare, Path(folder), options.megabytes, options.repeats),
                *_small(store, bare, options.records),
            ]
            requests = _look_up(url, store, Path(folder))
        finally:
            _sweep(bare)
    return _tell(rows, requests)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("store", help="s3://bucket/prefix")
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--records", type=int, default=200)
    return parser.parse_args()


def _large(store: Store, bare: Bare, folder: Path, megabytes: int, repeats: int) -> list[Row]:
    puts: list[tuple[float, float]] = []
    gets: list[tuple[float, float]] = []
    path, copy = folder / "large", folder / "copy"
    for number in range(repeats):
        path.write_bytes(os.urandom(megabytes << 20))
        name = bare.name()
        put_bare = _seconds(bare.client.upload_file, str(path), bare.bucket, name)
        started = time.perf_counter()
        ref = store.add_file(_PROJECT, path, "parquet")
        puts.append((put_bare, time.perf_counter() - started))
        get_bare = _seconds(bare.client.download_file, bare.bucket, name, str(copy))
        gets.append((get_bare, _seconds(store.fetch, ref)))
        print(f"\r  {number + 1}/{repeats} ", end="", file=sys.stderr, flush=True)
    print("\r           \r", end="", file=sys.stderr, flush=True)
    return [
        _row(f"PUT {megabytes} MB", puts, min, LARGE_RATIO),
        _row(f"GET {megabytes} MB", gets, min, LARGE_RATIO),
    ]


def _small(store: Store, bare: Bare, records: int) -> list[Row]:
    puts: list[tuple[float, float]] = []
    gets: list[tuple[float, float]] = []
    for seq in range(1, records + 1):
        entry = _entry(seq)
        data, key, name = entry.to_bytes(), keys.ledger("small", seq), bare.name()
        put_bare = _seconds(bare.put, name, data)
        puts.append((put_bare, _seconds(store.commit, key, entry)))
        get_bare = _seconds(bare.get, name)
        gets.append((get_bare, _seconds(store.record, key, Entry)))
    size = len(_entry(1).to_bytes())
    return [
        _row(f"PUT a record of {size} bytes", puts, statistics.median),
        _row(f"GET a record of {size} bytes", gets, statistics.median),
    ]


def _entry(seq: int) -> Entry:
    return Entry(
        project="small",
        seq=seq,
        previous="0" * 64 if seq > 1 else None,
        action="freeze",
        as_of=_NIGHT,
        reason="benchmark",
        actor="benchmark",
        operation=secrets.token_hex(32),
    )


def _look_up(url: str, store: Store, folder: Path) -> int:
    """Requests of a process that knows nothing, for the champion at the end of a long ledger."""
    for number in range(_LEDGER):
        append(
            store,
            _PROJECT,
            read_standing(store, _PROJECT),
            "promote",
            as_of=_NIGHT,
            reason="benchmark",
            actor="benchmark",
            version=f"v{number:016x}",
        )
    fresh = open_store(url, folder / "other")
    asked: list[str] = []
    client: Any = fresh.backend._client  # type: ignore[attr-defined]  # the S3 backend's, to count
    client.meta.events.register("before-send.s3", lambda request, **_: asked.append(request.url))
    find_serving(fresh, _PROJECT)
    return len(asked)


def _sweep(bare: Bare) -> None:
    pages = bare.client.get_paginator("list_objects_v2").paginate(
        Bucket=bare.bucket, Prefix=f"{bare.prefix}/"
    )
    for page in pages:
        for item in page.get("Contents", []):
            bare.client.delete_object(Bucket=bare.bucket, Key=item["Key"])


def _row(
    what: str,
    pairs: list[tuple[float, float]],
    chosen: Callable[[list[float]], float],
    limit: float | None = None,
) -> Row:
    bare, ours = (chosen(list(side)) * 1000 for side in zip(*pairs, strict=True))
    return Row(what, bare, ours, limit)


def _seconds(work: Callable[..., object], *given: object) -> float:
    started = time.perf_counter()
    work(*given)
    return time.perf_counter() - started


def _tell(rows: list[Row], requests: int) -> int:
    print(f"{'':<28}{'bare, ms':>10}{'ours, ms':>10}{'ratio':>7}{'limit':>7}")
    for row in rows:
        limit = f"{row.limit:.2f}" if row.limit else ""
        print(f"{row.what:<28}{row.bare:>10.1f}{row.ours:>10.1f}{row.ratio:>7.2f}{limit:>7}")
    print(f"champion of {_LEDGER} entries: {requests} requests, limit {LOOK_UP_REQUESTS}")
    missed = [row.what for row in rows if row.limit and row.ratio > row.limit]
    if requests > LOOK_UP_REQUESTS:
        missed.append("champion look-up")
    print(f"missed: {', '.join(missed)}" if missed else "all within their limits")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
